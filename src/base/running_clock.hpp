// The steady clock less the time for which the process did not run: the clock of all deadlines.
//
// A process may be stopped, its container frozen, its virtual machine paused. When it runs again,
// the steady clock says that every peer and every camera has been silent for all that time, while
// it was we who did not listen. So a pause must not count, and it can be told from idleness: each
// wait promises when this clock is looked at again, and a look that comes much later than promised
// shows that the process did not run in between. What follows from that look on is measured as if
// it had come in time.
//
//     deadline = RunningClock::now() + 2s;   // two seconds in which the process runs
//
// Ages, capture times and rates are those of the real world: they are read from SteadyClock. A time
// of the one clock means nothing to the other.
//
// Thread: each thread has a clock of its own. The loop's timers promise its looks (Timer in
// awaitable.hpp); a thread that blocks, and has deadlines, does so in a BoundedWait.
#pragma once

#include <algorithm>
#include <chrono>
#include <optional>

#include "base/clock.hpp"

namespace onlooker {

// The rule alone, without a clock.
class RunningTime {
  public:
    // The next look is meant to come at `look` at the latest.
    void promise(SteadyTime look) noexcept { promised_ = look; }

    // The running time at `now`, which is a look.
    SteadyTime at(SteadyTime now) noexcept {
        if (promised_ && now >= *promised_) {
            if (now - *promised_ > late_on_a_busy_machine)
                stopped_ += now - *promised_;
            promised_.reset();
        }
        return now - stopped_;
    }

    // What was promised is not meant any more.
    void forget_promise() noexcept { promised_.reset(); }

  private:
    static constexpr SteadyClock::duration late_on_a_busy_machine = std::chrono::milliseconds(100);

    SteadyClock::duration stopped_{};
    std::optional<SteadyTime> promised_;
};

struct RunningClock {
    using duration = SteadyClock::duration;
    using rep = duration::rep;
    using period = duration::period;
    using time_point = SteadyTime;
    static constexpr bool is_steady = true;

    static time_point now() noexcept { return at(SteadyClock::now()); }
    // The same for a reading of the steady clock that was just taken.
    static time_point at(SteadyTime now) noexcept { return of_this_thread().at(now); }

    static void promise_look_within(duration time) noexcept {
        of_this_thread().promise(SteadyClock::now() + time);
    }

    // Around a call that blocks for `limit` at the longest.
    class BoundedWait {
      public:
        explicit BoundedWait(duration limit) noexcept { promise_look_within(limit); }
        BoundedWait(const BoundedWait&) = delete;
        BoundedWait& operator=(const BoundedWait&) = delete;
        ~BoundedWait() {
            now();
            of_this_thread().forget_promise();
        }
    };

    // How long to wait at a time for something that is due in `rest`. A pause takes away at most
    // that much, which is a quarter of what is left, or so little that no deadline minds.
    static constexpr duration longest_wait(duration rest) noexcept {
        constexpr duration least = std::chrono::milliseconds(250);
        return std::clamp(rest, duration::zero(), std::max(least, rest / 4));
    }

  private:
    static RunningTime& of_this_thread() noexcept {
        thread_local RunningTime time;
        return time;
    }
};

}  // namespace onlooker
