// Keeps a kind of log line that others can provoke from flooding the log.
//
//     LimitedLog bad_requests;                                   // one for each kind
//     bad_requests.write(spdlog::level::info, "{}: bad request", address);
//
// Some lines go out at once, then one per interval. What is left out is counted, and the count
// stands at the end of the next line of that kind. What no line follows is told by tell_rest().
//
// Thread: one at a time.
#pragma once

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/clock.hpp"

namespace onlooker {

// The rule alone: a bucket of `at_once` lines, into which one comes back per `interval`.
class LogLimit {
  public:
    struct Rate {
        unsigned at_once = 5;
        std::chrono::milliseconds interval{1'000};
    };

    LogLimit() noexcept : LogLimit(Rate{}) {}
    explicit LogLimit(Rate rate) noexcept : rate_(rate) {}

    // How many were left out since the last line, if one may be written now; otherwise nothing, and
    // this one counts as left out.
    std::optional<std::uint64_t> admit(SteadyTime now) noexcept;

    // Returns the count and begins a new one.
    std::uint64_t take_left_out() noexcept { return std::exchange(left_out_, 0); }

  private:
    Rate rate_;
    SteadyTime full_at_{};  // when the bucket will be full again
    std::uint64_t left_out_ = 0;
};

// The rule in front of spdlog's default logger. A line of a level that is not logged costs nothing
// and counts for nothing.
class LimitedLog {
  public:
    using Now = SteadyTime (*)();

    explicit LimitedLog(LogLimit::Rate rate = LogLimit::Rate{},
                        Now now = &SteadyClock::now) noexcept
        : limit_(rate), now_(now) {}

    template <typename... Args>
    void write(spdlog::level::level_enum level, fmt::format_string<Args...> format,
               Args&&... args) {
        if (!spdlog::should_log(level))
            return;
        if (const auto left_out = limit_.admit(now_()))
            log(level, fmt::format(format, std::forward<Args>(args)...), *left_out);
    }

    // One line with the count of what was left out and not told yet, if there is any. `what` names
    // the kind in the plural: "bad requests".
    void tell_rest(spdlog::level::level_enum level, std::string_view what);

  private:
    static void log(spdlog::level::level_enum level, std::string line, std::uint64_t left_out);

    LogLimit limit_;
    Now now_;
};

}  // namespace onlooker
