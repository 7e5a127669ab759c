#include "camera/stop_signal.hpp"

#include <poll.h>

#include <doctest/doctest.h>

#include <chrono>
#include <thread>

using onlooker::camera::StopSignal;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

namespace {

bool is_readable(const StopSignal& signal) {
    pollfd waited{.fd = signal.descriptor(), .events = POLLIN, .revents = 0};
    return ::poll(&waited, 1, 0) == 1;
}

}  // namespace

TEST_SUITE("stop signal") {
    TEST_CASE("a wake is seen until it is forgotten") {
        StopSignal signal;
        CHECK(!is_readable(signal));
        signal.wake();
        CHECK(is_readable(signal));
        CHECK(!signal.stopped());
        signal.forget_wake();
        CHECK(!is_readable(signal));
    }

    TEST_CASE("a stop is seen for good") {
        StopSignal signal;
        signal.stop();
        signal.forget_wake();
        CHECK(is_readable(signal));
        CHECK(signal.stopped());
    }

    TEST_CASE("a sleep ends on time, woken or not") {
        StopSignal signal;
        signal.wake();
        const auto until = Clock::now() + 5ms;
        CHECK(signal.sleep_until(until));
        CHECK(Clock::now() >= until);
        CHECK(signal.sleep_until(Clock::now() - 1s));
    }

    TEST_CASE("a stop ends a sleep, and lets none begin") {
        StopSignal signal;
        bool slept = true;
        std::thread sleeper([&] { slept = signal.sleep_until(Clock::now() + 1h); });
        signal.stop();
        sleeper.join();
        CHECK(!slept);
        CHECK(!signal.sleep_until(Clock::now() - 1s));
    }
}
