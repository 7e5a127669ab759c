// Makes a lower rate of frames out of a faster one by leaving some out, evenly. Reads no clock.
// Thread: one at a time.
#pragma once

#include <chrono>
#include <cstdint>

#include "base/clock.hpp"

namespace onlooker {

class Pace {
  public:
    // What happens to a frame that closely follows the first one after a pause.
    enum class Second : std::uint8_t {
        waits,   // as every other does
        passes,  // the first may be stale; let the next one through at once
    };

    // `rate` in frames per second; 0: every frame passes.
    explicit Pace(double rate, Second second = Second::waits) noexcept;

    // Whether the frame of `time` is one to show.
    bool lets_through(SteadyTime time) noexcept;

  private:
    SteadyClock::duration interval_{};
    Second second_;
    SteadyTime due_{};
};

}  // namespace onlooker
