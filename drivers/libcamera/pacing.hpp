// Time, for a source whose own cannot be trusted: libcamera's virtual pipeline gives thousands of
// pictures a second with no valid stamps, an unplugged camera gives nothing and says nothing.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "base/clock.hpp"

namespace onlooker::drivers::libcamera_driver {

// Thins a stream of pictures out to a rate. Keeps to a schedule rather than to a distance, so that
// 25 of 30 pictures a second are 25, and lets a picture pass that comes up to half a period early,
// so that 30 of 30 are 30 however they jitter.
class RateLimit {
  public:
    // 0: no limit.
    explicit RateLimit(double rate) noexcept;

    // The earliest moment at which a picture may have been completed to be passed on.
    SteadyTime opens() const noexcept { return opens_; }
    // How old a picture may have become before it was asked for. Only a camera that keeps no time,
    // and so gave all it had at once, ever has older ones waiting.
    SteadyClock::duration longest_wait() const noexcept;
    // A picture was passed on.
    void passed(SteadyTime time) noexcept;

  private:
    SteadyClock::duration period_{};
    SteadyTime due_{};
    SteadyTime opens_{};
};

// How long a running camera may be silent before it counts as gone: five pictures, and two seconds
// at the least. `rate` 0: unknown; `exposure` is one picture's, when the user set it.
std::chrono::milliseconds silence_limit(double rate, std::chrono::microseconds exposure) noexcept;

// When a picture was taken. `stamp` is what libcamera says, in nanoseconds: since the start of the
// monotonic clock, or of the one that also counts suspended time (V4L2 uses the first, Raspberry
// Pi's sensors the second), or nothing sensible. `boot_ahead` is how far the second clock is ahead.
// Taken for true only within a second before `now`.
std::optional<SteadyTime> capture_time(std::uint64_t stamp, SteadyTime now,
                                       std::chrono::nanoseconds boot_ahead) noexcept;

}  // namespace onlooker::drivers::libcamera_driver
