#include "camera/stop_signal.hpp"

#include <poll.h>

#include <ctime>

#include "base/clock.hpp"

namespace onlooker::camera {

namespace {

timespec as_timespec(std::chrono::nanoseconds duration) noexcept {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(duration);
    return {.tv_sec = static_cast<time_t>(seconds.count()),
            .tv_nsec = static_cast<long>((duration - seconds).count())};
}

}  // namespace

void StopSignal::stop() noexcept {
    stopped_.store(true, std::memory_order_release);
    wake();
}

void StopSignal::forget_wake() noexcept {
    wake_.lower();
    // A stop whose wake was just read must stay visible.
    if (stopped())
        wake();
}

bool StopSignal::sleep_until(SteadyTime time) noexcept {
    while (!stopped()) {
        const auto rest = time - SteadyClock::now();
        if (rest <= SteadyClock::duration::zero())
            return true;
        const timespec limit = as_timespec(rest);
        pollfd waited{.fd = wake_.get(), .events = POLLIN, .revents = 0};
        // Without forgetting, the descriptor would stay readable and the sleep become a spin.
        if (::ppoll(&waited, 1, &limit, nullptr) > 0)
            forget_wake();
    }
    return false;
}

}  // namespace onlooker::camera
