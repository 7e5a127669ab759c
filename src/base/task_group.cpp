#include "base/task_group.hpp"

#include <asio/co_spawn.hpp>
#include <spdlog/spdlog.h>

#include <cassert>
#include <exception>
#include <utility>
#include <vector>

#include "base/limited_log.hpp"
#include "base/running_clock.hpp"

namespace onlooker {

TaskGroup::TaskGroup(Executor executor) : executor_(executor), emptied_(executor) {}

TaskGroup::~TaskGroup() {
    assert(members_.empty());
}

TaskGroup::Place::Place(TaskGroup& group, Member& member)
    : group_(&group), place_(group.members_.insert(group.members_.end(), &member)) {}

void TaskGroup::Place::give_up() noexcept {
    if (!group_)
        return;
    TaskGroup& group = *std::exchange(group_, nullptr);
    assert(group.loop_.is_here());
    group.members_.erase(place_);
    if (group.members_.empty())
        group.emptied_.cancel();
}

void TaskGroup::spawn(Member& member, Awaitable<> task) {
    // Until it runs the place belongs to the coroutine's parameters: when there is no memory to
    // start it, they go, and the place with them.
    asio::co_spawn(executor_, run(std::move(task), Place(*this, member)),
                   [](std::exception_ptr failure) {
                       if (!failure)
                           return;
                       try {
                           std::rethrow_exception(failure);
                       } catch (const std::exception& error) {
                           thread_local LimitedLog log;
                           log.write(spdlog::level::err,
                                     "a task ended with an unexpected error: {}", error.what());
                       }
                   });
}

// The member dies with its coroutine. It is unlisted before that ends, not in the completion
// handler, which runs a moment later, so that leave() and abort() never reach a dead member.
Awaitable<> TaskGroup::run(Awaitable<> task, Place place) {
    std::exception_ptr failure;
    try {
        co_await std::move(task);
    } catch (...) {
        failure = std::current_exception();
    }
    place.give_up();
    if (failure)
        std::rethrow_exception(failure);
}

void TaskGroup::leave() {
    for_each(&Member::leave);
}

void TaskGroup::abort() {
    for_each(&Member::abort);
}

void TaskGroup::for_each(void (Member::*call)()) {
    assert(loop_.is_here());
    // The call may end the member at once, which takes it out of the list; the next one stays.
    for (auto place = members_.begin(); place != members_.end();) {
        Member* member = *place;
        ++place;
        (member->*call)();
    }
}

Awaitable<bool> TaskGroup::wait_empty(SteadyTime limit) {
    assert(loop_.is_here());
    assert(!waited_for_);
    waited_for_ = true;
    while (!members_.empty() && RunningClock::now() < limit) {
        emptied_.expires_at(limit);
        co_await emptied_.async_wait(as_result);
    }
    waited_for_ = false;
    co_return members_.empty();
}

}  // namespace onlooker
