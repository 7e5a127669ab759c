#include "camera/stop_signal.hpp"

#include <poll.h>

#include <sys/eventfd.h>

#include <cerrno>
#include <ctime>
#include <system_error>

namespace onlooker::camera {

namespace {

timespec as_timespec(std::chrono::nanoseconds duration) noexcept {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(duration);
    return {.tv_sec = static_cast<time_t>(seconds.count()),
            .tv_nsec = static_cast<long>((duration - seconds).count())};
}

}  // namespace

StopSignal::StopSignal() : event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (!event_)
        throw std::system_error(errno, std::generic_category(), "eventfd");
}

void StopSignal::stop() noexcept {
    stopped_.store(true, std::memory_order_release);
    wake();
}

void StopSignal::wake() noexcept {
    ::eventfd_write(event_.get(), 1);
}

void StopSignal::forget_wake() noexcept {
    eventfd_t ignored = 0;
    ::eventfd_read(event_.get(), &ignored);
    // A stop whose wake was just read must stay visible.
    if (stopped())
        wake();
}

bool StopSignal::sleep_until(Time time) noexcept {
    while (!stopped()) {
        const auto rest = time - std::chrono::steady_clock::now();
        if (rest <= Time::duration::zero())
            return true;
        const timespec limit = as_timespec(rest);
        pollfd waited{.fd = event_.get(), .events = POLLIN, .revents = 0};
        // Without forgetting, the descriptor would stay readable and the sleep become a spin.
        if (::ppoll(&waited, 1, &limit, nullptr) > 0)
            forget_wake();
    }
    return false;
}

}  // namespace onlooker::camera
