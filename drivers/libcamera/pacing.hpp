// Time, for a source whose own cannot be trusted: libcamera's virtual pipeline gives thousands of
// pictures a second with no valid stamps, an unplugged camera gives nothing and says nothing.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "base/clock.hpp"
#include "base/pace.hpp"

namespace onlooker::drivers::libcamera_driver {

// Leaves pictures out down to `rate`. Lets one pass that comes up to half a period early, so that
// 30 of 30 are 30 however they jitter.
Pace pace_of(double rate) noexcept;

// How old a picture may have become before it was asked for, at `rate` pictures a second (0:
// unlimited). Only a camera that keeps no time, and so gave all it had at once, ever has older ones
// waiting.
SteadyClock::duration oldest_picture(double rate) noexcept;

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
