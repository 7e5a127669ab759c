#include "base/deadline.hpp"

#include <utility>

namespace onlooker {

Deadline::Deadline(const Executor& executor, SteadyClock::duration limit,
                   std::function<void()> on_expiry)
    : timer_(executor), state_(std::make_shared<State>()) {
    state_->on_expiry = std::move(on_expiry);
    arm(limit);
}

Deadline::~Deadline() {
    state_->gone = true;
}

void Deadline::restart(SteadyClock::duration limit) {
    arm(limit);
}

void Deadline::stop() {
    ++state_->round;
    timer_.cancel();
}

void Deadline::arm(SteadyClock::duration limit) {
    // An expiry that is already queued when the timer is set again belongs to an older round.
    const unsigned round = ++state_->round;
    timer_.expires_after(limit);
    timer_.async_wait([state = state_, round](const asio::error_code& error) {
        if (error || state->gone || state->round != round)
            return;
        state->on_expiry();
    });
}

}  // namespace onlooker
