#include "relay/response_head.hpp"

#include "base/text.hpp"
#include "relay/part_head.hpp"
#include "relay/relay_errors.hpp"

namespace onlooker::drivers {

void HeadReader::feed(std::string_view line, std::string_view shown) {
    if (line.starts_with("HTTP/")) {
        head_ = {};
        size_ = 0;
        complete_ = false;
        ++count_;
    }
    size_ += line.size();
    if (size_ > largest_head || count_ > most_heads)
        throw endless_head_error(shown);
    // What follows a head that is complete are the trailer fields of a chunked body.
    if (complete_)
        return;
    if (line == "\r\n" || line == "\n")
        complete_ = true;
    while (line.ends_with('\n') || line.ends_with('\r'))
        line.remove_suffix(1);
    feed_field(line);
}

void HeadReader::feed_field(std::string_view line) {
    const Field field = split_field(line);
    if (equal_ignoring_case(field.name, "Content-Type"))
        head_.content_type = field.value;
    else if (equal_ignoring_case(field.name, "Date"))
        head_.date = field.value;
    else if (equal_ignoring_case(field.name, "ETag"))
        head_.etag = field.value;
    else if (equal_ignoring_case(field.name, "Last-Modified"))
        head_.last_modified = field.value;
    else if (equal_ignoring_case(field.name, "X-Timestamp"))
        head_.timestamp = field.value;
}

}  // namespace onlooker::drivers
