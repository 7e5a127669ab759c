// How many frames a second come or go, measured over the last second or more. Free of clocks.
//
// Owner: the feed and the camera, for those that come; each viewing, for those that it was sent.
// Thread: the loop.
#pragma once

#include <chrono>
#include <cstdint>

#include "base/clock.hpp"

namespace onlooker::camera {

class FrameRate {
  public:
    // A frame came. The first one only begins the count: of the time before it nothing is known.
    void frame(SteadyTime now) noexcept {
        if (begin_ == SteadyTime{}) {
            begin_ = now;
            return;
        }
        ++frames_;
        if (now - begin_ >= std::chrono::seconds(1))
            end_second(now);
    }
    // Frames per second. Sinks when the frames stay away; 0 until a second of them has come.
    double at(SteadyTime now) const noexcept;

  private:
    void end_second(SteadyTime now) noexcept;

    SteadyTime begin_{};  // of the second that is being counted
    std::uint64_t frames_ = 0;
    double rate_ = 0;  // of the one before
};

}  // namespace onlooker::camera
