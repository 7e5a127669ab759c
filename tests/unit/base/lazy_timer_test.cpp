#include "base/lazy_timer.hpp"

#include <asio/io_context.hpp>
#include <doctest/doctest.h>

#include <chrono>
#include <optional>

#include "base/running_clock.hpp"

using namespace std::chrono_literals;
using onlooker::LazyTimer;
using onlooker::RunningClock;

TEST_SUITE("lazy timer") {
    TEST_CASE("it calls at its time, once, and again when it is set again") {
        asio::io_context loop;
        int calls = 0;
        LazyTimer timer(loop.get_executor(), [&calls] { ++calls; });
        const auto begin = RunningClock::now();
        timer.set(begin + 5ms);
        loop.run();
        CHECK(calls == 1);
        CHECK(RunningClock::now() >= begin + 5ms);
        timer.set(RunningClock::now());
        loop.restart();
        loop.run();
        CHECK(calls == 2);
    }

    TEST_CASE("moved away, it still calls at the old time; who is called sets the new one") {
        asio::io_context loop;
        const auto begin = RunningClock::now();
        int calls = 0;
        std::optional<LazyTimer> timer;
        timer.emplace(loop.get_executor(), [&] {
            if (++calls == 1)
                timer->set(begin + 10ms);
        });
        timer->set(begin + 2ms);
        timer->set(begin + 10ms);
        loop.run_one();
        CHECK(calls == 1);
        loop.run();
        CHECK(calls == 2);
        CHECK(RunningClock::now() >= begin + 10ms);
    }

    TEST_CASE("moved nearer, it calls earlier, and once only") {
        asio::io_context loop;
        int calls = 0;
        LazyTimer timer(loop.get_executor(), [&calls] { ++calls; });
        timer.set(RunningClock::now() + 1h);
        timer.set(RunningClock::now() + 1ms);
        loop.run();
        CHECK(calls == 1);
    }

    TEST_CASE("set to nothing, or gone, it does not call and leaves nothing to wait for") {
        asio::io_context loop;
        int calls = 0;
        std::optional<LazyTimer> timer;
        timer.emplace(loop.get_executor(), [&calls] { ++calls; });
        timer->set(RunningClock::now() + 1h);
        timer->set(std::nullopt);
        loop.run();
        CHECK(calls == 0);
        loop.restart();
        timer->set(RunningClock::now() + 1h);
        timer.reset();
        loop.run();
        CHECK(calls == 0);
    }

    TEST_CASE("gone while its call is queued, it does not call") {
        asio::io_context loop;
        int calls = 0;
        std::optional<LazyTimer> later;
        LazyTimer sooner(loop.get_executor(), [&later] { later.reset(); });
        later.emplace(loop.get_executor(), [&calls] { ++calls; });
        const auto past = RunningClock::now() - 1ms;
        later->set(past);
        sooner.set(past - 1ms);
        loop.run();
        CHECK(calls == 0);
    }
}
