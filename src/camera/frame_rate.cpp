#include "camera/frame_rate.hpp"

#include <algorithm>
#include <utility>

#include "base/clock.hpp"

namespace onlooker::camera {

void FrameRate::end_second(SteadyTime now) noexcept {
    const std::chrono::duration<double> passed = now - begin_;
    rate_ = static_cast<double>(std::exchange(frames_, 0)) / passed.count();
    begin_ = now;
}

double FrameRate::at(SteadyTime now) const noexcept {
    if (now <= begin_)
        return rate_;
    const std::chrono::duration<double> passed = now - begin_;
    // At most the rate that there would be if the next frame came at this very moment.
    return std::min(rate_, static_cast<double>(frames_ + 1) / passed.count());
}

}  // namespace onlooker::camera
