#include "base/task_group.hpp"

#include <asio/co_spawn.hpp>
#include <spdlog/spdlog.h>

#include <cassert>
#include <exception>
#include <utility>
#include <vector>

namespace onlooker {

TaskGroup::TaskGroup(Executor executor)
    : executor_(executor), emptied_(executor, Timer::time_point::max()) {}

TaskGroup::~TaskGroup() {
    assert(members_.empty());
}

void TaskGroup::spawn(Member& member, Awaitable<> task) {
    const auto place = members_.insert(members_.end(), &member);
    asio::co_spawn(executor_, run(std::move(task), place), [](std::exception_ptr failure) {
        if (!failure)
            return;
        try {
            std::rethrow_exception(failure);
        } catch (const std::exception& error) {
            spdlog::error("a task ended with an unexpected error: {}", error.what());
        }
    });
}

// The member is gone as soon as its coroutine is, so it is forgotten in the same breath: a
// completion handler would run a moment later, and a word spoken in between would reach nobody.
Awaitable<> TaskGroup::run(Awaitable<> task, std::list<Member*>::iterator place) {
    std::exception_ptr failure;
    try {
        co_await std::move(task);
    } catch (...) {
        failure = std::current_exception();
    }
    members_.erase(place);
    if (members_.empty())
        emptied_.cancel();
    if (failure)
        std::rethrow_exception(failure);
}

void TaskGroup::leave() {
    for_each(&Member::leave);
}

void TaskGroup::abort() {
    for_each(&Member::abort);
}

void TaskGroup::for_each(void (Member::*word)()) {
    // A word may end a member at once, which takes it out of the list: only the next is still sure.
    for (auto place = members_.begin(); place != members_.end();) {
        Member* member = *place;
        ++place;
        (member->*word)();
    }
}

Awaitable<> TaskGroup::empty() {
    while (!members_.empty())
        co_await emptied_.async_wait(as_result);
}

}  // namespace onlooker
