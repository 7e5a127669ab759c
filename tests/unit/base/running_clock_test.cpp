#include "base/running_clock.hpp"

#include <doctest/doctest.h>

#include <chrono>

using namespace std::chrono_literals;
using onlooker::RunningClock;
using onlooker::RunningTime;
using onlooker::SteadyTime;

namespace {

// A loop that waits for one deadline as Asio does: in steps, with a look at the clock after each.
struct WaitingLoop {
    SteadyTime now{1h};
    RunningTime time;

    // How long it waits for something that is due in `limit`, in the time of the real world, when
    // the process is stopped after `until_pause` for `pause`.
    std::chrono::nanoseconds wait(std::chrono::nanoseconds limit,
                                  std::chrono::nanoseconds until_pause,
                                  std::chrono::nanoseconds pause) {
        const SteadyTime begin = now;
        const SteadyTime due = time.at(now) + limit;
        bool paused = false;
        while (time.at(now) < due) {
            const auto step = RunningClock::longest_wait(due - time.at(now));
            time.promise(now + step);
            now += step;
            if (!paused && now >= begin + until_pause) {
                paused = true;
                now = std::max(now, begin + until_pause + pause);
            }
        }
        return now - begin;
    }
};

}  // namespace

TEST_SUITE("running clock") {
    TEST_CASE("without a pause it is the steady clock") {
        RunningTime time;
        const SteadyTime begin{1h};
        CHECK(time.at(begin) == begin);
        time.promise(begin + 250ms);
        CHECK(time.at(begin + 10ms) == begin + 10ms);
        CHECK(time.at(begin + 251ms) == begin + 251ms);
    }

    TEST_CASE("a look that comes much later than promised tells of a pause, which does not count") {
        RunningTime time;
        const SteadyTime begin{1h};
        time.promise(begin + 250ms);
        CHECK(time.at(begin + 2'750ms) == begin + 250ms);
        CHECK(time.at(begin + 2'800ms) == begin + 300ms);
        time.promise(begin + 3s);
        CHECK(time.at(begin + 63s) == begin + 500ms);
    }

    TEST_CASE("a look that is a little late is a busy machine's") {
        RunningTime time;
        const SteadyTime begin{1h};
        time.promise(begin + 250ms);
        CHECK(time.at(begin + 340ms) == begin + 340ms);
    }

    TEST_CASE("who promised nothing was idle, not stopped") {
        RunningTime time;
        const SteadyTime begin{1h};
        CHECK(time.at(begin + 10min) == begin + 10min);
        time.promise(begin + 11min);
        CHECK(time.at(begin + 11min) == begin + 11min);
        CHECK(time.at(begin + 20min) == begin + 20min);
    }

    TEST_CASE("a deadline gets the time of a pause back, whenever the pause begins") {
        for (auto until_pause = 0ms; until_pause < 2'000ms; until_pause += 50ms) {
            WaitingLoop loop;
            const auto waited = loop.wait(2s, until_pause, 10s);
            CHECK(waited >= 11'500ms);
            CHECK(waited <= 12s);
        }
    }

    TEST_CASE("a pause that ends shortly before the deadline leaves more than that short time") {
        WaitingLoop loop;
        CHECK(loop.wait(2s, 100ms, 1'850ms) >= 3'300ms);
    }

    TEST_CASE("a distant deadline wakes the loop seldom, a near one is met to the moment") {
        CHECK(RunningClock::longest_wait(60s) == 15s);
        CHECK(RunningClock::longest_wait(800ms) == 250ms);
        CHECK(RunningClock::longest_wait(20ms) == 20ms);
        CHECK(RunningClock::longest_wait(-1s) == 0s);
    }
}
