// Makes a wished rate out of a faster one by leaving frames out, evenly. Free of clocks. Thread:
// any one.
#pragma once

#include <chrono>

namespace onlooker {

class Pace {
  public:
    using Time = std::chrono::steady_clock::time_point;

    // `rate` in frames per second; 0: every frame passes.
    explicit Pace(double rate) noexcept;

    // Whether the frame of `time` is one to show.
    bool lets_through(Time time) noexcept;

  private:
    Time::duration interval_{};
    Time due_{};
};

}  // namespace onlooker
