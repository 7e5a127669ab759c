#include "base/pace.hpp"

#include "base/clock.hpp"

namespace onlooker {

Pace::Pace(double rate, Second second) noexcept : second_(second) {
    if (rate > 0)
        interval_ = std::chrono::duration_cast<SteadyClock::duration>(
            std::chrono::duration<double>(1 / rate));
}

bool Pace::lets_through(SteadyTime time) noexcept {
    if (interval_ == SteadyClock::duration::zero())
        return true;
    // A frame may come a little before it is due: devices' clocks and ours are not one, and
    // threads are woken late. A quarter of the interval lets 30 of 30 frames through and still
    // makes 10 of 30.
    if (time + interval_ / 4 < due_)
        return false;
    // The schedule goes on from where it was, so that the mean rate is right; after a pause it
    // starts again and does not catch up.
    if (due_ + interval_ >= time)
        due_ += interval_;
    else
        due_ = second_ == Second::passes ? time : time + interval_;
    return true;
}

}  // namespace onlooker
