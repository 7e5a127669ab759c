// The Date field (RFC 9110, section 5.6.7), formatted once a second at most.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace onlooker::http {

// "Sun, 06 Nov 1994 08:49:37 GMT"; independent of the locale.
std::string format_http_date(std::chrono::sys_seconds time);

// Thread: one at a time.
class HttpDate {
  public:
    using Now = std::chrono::sys_seconds (*)();

    explicit HttpDate(Now now) noexcept : now_(now) {}

    // Good until the next call.
    std::string_view text();

  private:
    Now now_;
    std::chrono::sys_seconds formatted_{};
    std::string text_;
};

}  // namespace onlooker::http
