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

    // How much before it is due a frame may come, since devices' clocks and ours are not one, and
    // threads are woken late: a share of the interval. A quarter lets 30 of 30 frames through and
    // still makes 10 of 30; a half does so for frames that jitter more, less evenly.
    enum class Early : std::uint8_t { quarter = 4, half = 2 };

    // `rate` in frames per second; 0: every frame passes.
    explicit Pace(double rate, Second second = Second::waits,
                  Early early = Early::quarter) noexcept;

    // Whether the frame of `time` is one to show; if so, it counts as shown.
    bool lets_through(SteadyTime time) noexcept;

    // The same in two steps: the earliest time of the next frame to show, and that one was shown.
    SteadyTime opens() const noexcept { return due_ - early_; }
    void passed(SteadyTime time) noexcept;

  private:
    SteadyClock::duration interval_{};
    SteadyClock::duration early_{};
    Second second_;
    SteadyTime due_{};
};

}  // namespace onlooker
