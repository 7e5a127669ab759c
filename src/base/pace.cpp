#include "base/pace.hpp"

#include "base/clock.hpp"

namespace onlooker {

Pace::Pace(double rate, Second second, Early early) noexcept : second_(second) {
    if (rate <= 0)
        return;
    interval_ =
        std::chrono::duration_cast<SteadyClock::duration>(std::chrono::duration<double>(1 / rate));
    early_ = interval_ / static_cast<int>(early);
}

bool Pace::lets_through(SteadyTime time) noexcept {
    if (time < opens())
        return false;
    passed(time);
    return true;
}

void Pace::passed(SteadyTime time) noexcept {
    if (interval_ == SteadyClock::duration::zero())
        return;
    // The schedule goes on from where it was, so that the mean rate is right; after a pause it
    // starts again and does not catch up.
    if (due_ + interval_ >= time)
        due_ += interval_;
    else
        due_ = second_ == Second::passes ? time : time + interval_;
}

}  // namespace onlooker
