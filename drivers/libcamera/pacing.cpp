#include "libcamera/pacing.hpp"

#include <algorithm>

#include "base/clock.hpp"

namespace onlooker::drivers::libcamera_driver {

using namespace std::chrono_literals;

Pace pace_of(double rate) noexcept {
    return Pace(rate, Pace::Second::waits, Pace::Early::half);
}

SteadyClock::duration oldest_picture(double rate) noexcept {
    const std::chrono::duration<double> period(rate > 0 ? 1.0 / rate : 0);
    return std::max<SteadyClock::duration>(
        std::chrono::duration_cast<SteadyClock::duration>(2 * period), 50ms);
}

std::chrono::milliseconds silence_limit(double rate, std::chrono::microseconds exposure) noexcept {
    constexpr double longest = 3600;  // seconds; keeps absurd rates in range
    double period = static_cast<double>(exposure.count()) / 1e6;
    if (rate > 0)
        period = std::max(period, 1.0 / rate);
    const std::chrono::duration<double> limit(std::min(5 * period, longest));
    return std::max(2000ms, std::chrono::ceil<std::chrono::milliseconds>(limit));
}

std::optional<SteadyTime> capture_time(std::uint64_t stamp, SteadyTime now,
                                       std::chrono::nanoseconds boot_ahead) noexcept {
    constexpr std::chrono::nanoseconds oldest = 1s;
    const auto now_count = std::chrono::nanoseconds(now.time_since_epoch()).count();
    if (stamp == 0 || stamp > std::uint64_t{INT64_MAX})
        return std::nullopt;
    for (const std::int64_t ahead : {std::int64_t{0}, std::int64_t{boot_ahead.count()}}) {
        const std::int64_t age = now_count - (static_cast<std::int64_t>(stamp) - ahead);
        if (age >= 0 && age <= oldest.count())
            return now - std::chrono::nanoseconds(age);
    }
    return std::nullopt;
}

}  // namespace onlooker::drivers::libcamera_driver
