// The loop of a test, which the test itself runs, on its own thread, until something has happened.
#pragma once

#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>

#include <chrono>

#include "base/awaitable.hpp"

namespace onlooker::test {

struct TestLoop {
    // False when `done` does not come true within ten seconds.
    template <typename Done>
    bool run_until(Done done) {
        const auto limit = SteadyClock::now() + std::chrono::seconds(10);
        while (!done() && SteadyClock::now() < limit)
            loop.run_one_for(std::chrono::milliseconds(50));
        return done();
    }

    asio::io_context loop;
    asio::executor_work_guard<Executor> work{loop.get_executor()};
};

}  // namespace onlooker::test
