// The heads of one transfer's responses, fed line by line: interim ones, redirects, and the last,
// whose fields are what counts.
//
// Limited, so that a server whose head never ends costs no memory. Used on the capture thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace onlooker::drivers {

// The fields of the last response that matter here.
struct ResponseHead {
    std::string content_type;
    std::string date;
    std::string etag;
    std::string last_modified;
    std::string timestamp;  // X-Timestamp
};

class HeadReader {
  public:
    static constexpr std::size_t largest_head = 16384;
    static constexpr std::size_t most_heads = 16;  // redirects, challenges, interim responses

    // With its end of line. Throws CameraError when a limit is passed; `shown` is the URL for it.
    void feed(std::string_view line, std::string_view shown);

    const ResponseHead& head() const noexcept { return head_; }
    bool begun() const noexcept { return count_ > 0; }
    // Of the last response that began.
    bool complete() const noexcept { return complete_; }

  private:
    void feed_field(std::string_view line);

    ResponseHead head_;
    bool complete_ = false;
    std::size_t size_ = 0;
    std::size_t count_ = 0;
};

}  // namespace onlooker::drivers
