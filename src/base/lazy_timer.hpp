// A timer whose time is moved away again and again, and costs nothing while it is.
//
// At thirty frames a second each frame moves a camera's deadlines away. So the timer is set again
// only when it has to fire earlier; otherwise it fires at its old time, a few times a second at
// most, and the function that it calls finds nothing to do and says when to call again.
//
// Owner: whoever has the deadlines. Thread: the loop. Nothing is called after it is gone.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "base/awaitable.hpp"

namespace onlooker {

class LazyTimer {
  public:
    // `on_time` is called at the time that was set last, or earlier, and may call set().
    LazyTimer(const Executor& executor, std::function<void()> on_time);
    LazyTimer(const LazyTimer&) = delete;
    LazyTimer& operator=(const LazyTimer&) = delete;
    ~LazyTimer();

    // A time of the RunningClock. Nothing: no call, and no wake-up of the loop either.
    void set(std::optional<SteadyTime> next);

  private:
    struct State {
        std::function<void()> on_time;
        SteadyTime set_to = SteadyTime::max();  // max: to nothing
    };
    void end();

    Timer timer_;
    // A call may already be queued when this goes.
    std::shared_ptr<State> state_;
};

}  // namespace onlooker
