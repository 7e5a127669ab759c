// A time limit around what happens in a scope.
//
//     Deadline limit(executor, 10s, [&] { socket.cancel(); });
//     co_await ...;                       // ends early, with "aborted", when the time is up
//
// Owner: the coroutine in whose frame it stands. Thread: the loop. The action runs on the
// loop, at most once after each (re)start, and never after the Deadline is gone.
#pragma once

#include <functional>
#include <memory>

#include "base/awaitable.hpp"

namespace onlooker {

class Deadline {
  public:
    Deadline(const Executor& executor, SteadyClock::duration limit,
             std::function<void()> on_expiry);
    Deadline(const Deadline&) = delete;
    Deadline& operator=(const Deadline&) = delete;
    ~Deadline();

    // Begins a new limit from now on.
    void restart(SteadyClock::duration limit);

    // Nothing expires until the next restart().
    void stop();

  private:
    struct State {
        std::function<void()> on_expiry;
        bool gone = false;
        unsigned round = 0;
    };
    void arm(SteadyClock::duration limit);

    Timer timer_;
    std::shared_ptr<State> state_;
};

}  // namespace onlooker
