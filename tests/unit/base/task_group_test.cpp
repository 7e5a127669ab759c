#include "base/task_group.hpp"

#include <asio/co_spawn.hpp>
#include <doctest/doctest.h>

#include <chrono>
#include <exception>
#include <optional>

#include "base/running_clock.hpp"
#include "support/test_loop.hpp"

using namespace std::chrono_literals;
using onlooker::Awaitable;
using onlooker::RunningClock;
using onlooker::TaskGroup;
using onlooker::Timer;
using onlooker::test::TestLoop;

namespace {

// Stays until it is told to go, by the word it minds.
class Guest final : public TaskGroup::Member {
  public:
    Guest(TestLoop& loop, bool leaves)
        : asleep_(loop.loop.get_executor(), Timer::time_point::max()), leaves_(leaves) {}

    Awaitable<> stay() { co_await asleep_.async_wait(onlooker::as_result); }
    void leave() override {
        if (leaves_)
            asleep_.cancel();
    }
    void abort() override { asleep_.cancel(); }

  private:
    Timer asleep_;
    bool leaves_;
};

Awaitable<> wait_into(TaskGroup& group, RunningClock::time_point limit,
                      std::optional<bool>& emptied) {
    emptied = co_await group.wait_empty(limit);
}

struct Stage {
    void wait_for_empty(RunningClock::time_point limit) {
        asio::co_spawn(loop.loop, wait_into(group, limit, emptied), [](std::exception_ptr failure) {
            if (failure)
                std::rethrow_exception(failure);
        });
        loop.loop.poll();
    }

    TestLoop loop;
    TaskGroup group{loop.loop.get_executor()};
    std::optional<bool> emptied;
};

}  // namespace

TEST_SUITE("task group") {
    TEST_CASE("is empty at once when nobody is there, whatever the limit") {
        Stage stage;
        stage.wait_for_empty(RunningClock::time_point::min());
        CHECK(stage.emptied == true);
    }

    TEST_CASE("is empty when the last one has gone") {
        Stage stage;
        Guest first(stage.loop, true);
        Guest second(stage.loop, true);
        stage.group.spawn(first, first.stay());
        stage.group.spawn(second, second.stay());
        stage.wait_for_empty(RunningClock::time_point::max());
        first.leave();
        stage.loop.loop.poll();
        CHECK(!stage.emptied);
        second.leave();
        stage.loop.loop.poll();
        CHECK(stage.emptied == true);
    }

    TEST_CASE("is not waited for longer than to the limit") {
        Stage stage;
        Guest guest(stage.loop, false);
        stage.group.spawn(guest, guest.stay());
        stage.group.leave();
        const auto limit = RunningClock::now() + 5ms;
        stage.wait_for_empty(limit);
        CHECK(stage.loop.run_until([&] { return stage.emptied.has_value(); }));
        CHECK(stage.emptied == false);
        CHECK(RunningClock::now() >= limit);
        stage.group.abort();
        stage.wait_for_empty(RunningClock::time_point::max());
        CHECK(stage.emptied == true);
    }
}
