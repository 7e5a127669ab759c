#include "base/lazy_timer.hpp"

#include <utility>

#include "base/running_clock.hpp"

namespace onlooker {

LazyTimer::LazyTimer(const Executor& executor, std::function<void()> on_time)
    : timer_(executor), state_(std::make_shared<State>()) {
    state_->on_time = std::move(on_time);
}

LazyTimer::~LazyTimer() {
    state_->set_to = SteadyTime::max();
}

void LazyTimer::set(std::optional<SteadyTime> next) {
    if (!next) {
        if (state_->set_to != SteadyTime::max())
            end();
        return;
    }
    if (*next >= state_->set_to)
        return;
    state_->set_to = *next;
    timer_.expires_at(*next);
    timer_.async_wait([state = state_, time = *next](const asio::error_code& error) {
        if (error || state->set_to != time)
            return;
        state->set_to = SteadyTime::max();
        state->on_time();
    });
}

// Asio leaves the kernel's timer set for a wait that is cancelled, and would be woken by it some
// seconds after all has become quiet. A wait that ends at once makes it set the timer again.
void LazyTimer::end() {
    state_->set_to = SteadyTime::max();
    timer_.expires_at(RunningClock::now());
    timer_.async_wait([](const asio::error_code&) {});
}

}  // namespace onlooker
