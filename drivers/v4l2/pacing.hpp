// Makes a wished rate out of a faster one by leaving frames out, evenly. Pure.
#pragma once

#include <chrono>

namespace onlooker::drivers::v4l2 {

class Pacing {
  public:
    using Time = std::chrono::steady_clock::time_point;

    // `wished` frames per second; 0: every frame is wanted.
    explicit Pacing(double wished) noexcept;

    // Whether the frame taken at `time` is one to show.
    bool wants(Time time) noexcept;

  private:
    std::chrono::nanoseconds interval_{};
    Time due_{};
};

}  // namespace onlooker::drivers::v4l2
