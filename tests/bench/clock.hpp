// The one clock of the bench: CLOCK_MONOTONIC in nanoseconds, the same in every process, so that a
// stamp made by a server and the arrival seen by a viewer can be subtracted.
#pragma once

#include <time.h>

#include <cstdint>

namespace onlooker::bench {

using Nanoseconds = std::int64_t;

inline constexpr Nanoseconds one_second = 1'000'000'000;
inline constexpr Nanoseconds one_millisecond = 1'000'000;

inline Nanoseconds monotonic_now() noexcept {
    timespec time{};
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * one_second + time.tv_nsec;
}

inline timespec to_timespec(Nanoseconds time) noexcept {
    return {.tv_sec = time / one_second, .tv_nsec = time % one_second};
}

// Frames are due at absolute instants: frame k at start + k periods, however long its sending took.
// Whoever is late by more than a period goes on with the newest frame that is due, and the ones in
// between count as missed.
class Schedule {
  public:
    Schedule(Nanoseconds start, double frames_per_second) noexcept
        : start_(start), period_(static_cast<Nanoseconds>(1e9 / frames_per_second)) {}

    Nanoseconds period() const noexcept { return period_; }
    Nanoseconds due(std::uint64_t index) const noexcept {
        return start_ + static_cast<Nanoseconds>(index) * period_;
    }
    // The newest frame that is due; 0 before the start.
    std::uint64_t index_at(Nanoseconds now) const noexcept {
        return now <= start_ ? 0 : static_cast<std::uint64_t>((now - start_) / period_);
    }

  private:
    Nanoseconds start_;
    Nanoseconds period_;
};

}  // namespace onlooker::bench
