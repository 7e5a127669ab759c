#include "base/limited_log.hpp"

#include <algorithm>

#include "base/clock.hpp"
#include "base/logging.hpp"

namespace onlooker {

// One number is the whole state of the bucket: each line moves the moment at which it will be full
// again one interval further, and a line that would move it too far ahead has to wait.
std::optional<std::uint64_t> LogLimit::admit(SteadyTime now) noexcept {
    const SteadyTime full_at = std::max(full_at_, now) + rate_.interval;
    if (full_at - now > rate_.at_once * rate_.interval) {
        ++left_out_;
        return std::nullopt;
    }
    full_at_ = full_at;
    return take_left_out();
}

void LimitedLog::tell_rest(spdlog::level::level_enum level, std::string_view what) {
    if (const std::uint64_t left_out = limit_.take_left_out(); left_out > 0)
        logging::log(level, "{} more {} are not in the log", left_out, what);
}

void LimitedLog::log(spdlog::level::level_enum level, std::string line, std::uint64_t left_out) {
    if (left_out > 0)
        line += fmt::format(" (and {} more like this, left out)", left_out);
    spdlog::log(level, line);
}

}  // namespace onlooker
