// When the frames of an even rate are due: computed from the start, so that nothing adds up.
#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>

#include "base/clock.hpp"

namespace onlooker::drivers {

class Timetable {
  public:
    // Frame 0 is due at `start`; `rate` is in frames per second, above 0.
    Timetable(SteadyTime start, double rate) noexcept : start_(start), rate_(rate) {}

    SteadyTime due(std::uint64_t frame) const noexcept {
        return start_ +
               std::chrono::nanoseconds(std::llround(static_cast<double>(frame) * 1e9 / rate_));
    }

    // The newest frame that is due at `time`, which is not before the start.
    std::uint64_t newest_at(SteadyTime time) const noexcept {
        const double elapsed = std::chrono::duration<double>(time - start_).count();
        auto frame = static_cast<std::uint64_t>(std::max(0.0, elapsed * rate_));
        // What the division rounded away, due() has the last word on.
        while (due(frame + 1) <= time)
            ++frame;
        while (frame > 0 && due(frame) > time)
            --frame;
        return frame;
    }

  private:
    SteadyTime start_;
    double rate_;
};

}  // namespace onlooker::drivers
