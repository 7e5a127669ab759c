#include "relay/part_head.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "relay/capture_stamp.hpp"

namespace onlooker::drivers {

namespace {

// A carriage return may be left of the line's end.
constexpr std::string_view blanks = " \t\r";
constexpr std::string_view blanks_and_quotes = " \t\r\"";  // there are types in quotes

}  // namespace

Field split_field(std::string_view line) noexcept {
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos)
        return {};
    return {trimmed(line.substr(0, colon), blanks), trimmed(line.substr(colon + 1), blanks)};
}

bool names_jpeg(std::string_view content_type) noexcept {
    static constexpr std::array<std::string_view, 7> known = {"image/jpeg",
                                                              "image/jpg",
                                                              "image/pjpeg",
                                                              "image/mjpeg",
                                                              "video/mjpeg",
                                                              "video/x-motion-jpeg",
                                                              "application/octet-stream"};
    const std::string_view type = trimmed(content_type.substr(0, content_type.find(';')), blanks);
    return std::ranges::any_of(
        known, [&](std::string_view name) { return equal_ignoring_case(type, name); });
}

void PartHead::feed(std::string_view line) {
    const Field field = split_field(line);
    if (equal_ignoring_case(field.name, "Content-Length"))
        content_length = parse_number<std::size_t>(field.value);
    else if (equal_ignoring_case(field.name, "Content-Type")) {
        content_type = trimmed(field.value, blanks_and_quotes);
        other_type = !content_type.empty() && !names_jpeg(content_type);
    } else if (equal_ignoring_case(field.name, "X-Timestamp"))
        wall = parse_capture_stamp(field.value);
}

}  // namespace onlooker::drivers
