#include "v4l2/pacing.hpp"

namespace onlooker::drivers::v4l2 {

Pacing::Pacing(double wished) noexcept {
    if (wished > 0)
        interval_ = std::chrono::nanoseconds(static_cast<std::int64_t>(1e9 / wished));
}

bool Pacing::wants(Time time) noexcept {
    using namespace std::chrono_literals;
    if (interval_ == 0ns)
        return true;
    // A frame may come a little before it is due: devices' clocks and ours are not one. An eighth
    // of the interval lets 30 of 30 frames through and still makes 10 of 30.
    if (time + interval_ / 8 < due_)
        return false;
    // The schedule goes on from where it was, so that the mean rate is right; after a pause it
    // begins anew, and does not catch up.
    due_ = due_ + interval_ < time ? time + interval_ : due_ + interval_;
    return true;
}

}  // namespace onlooker::drivers::v4l2
