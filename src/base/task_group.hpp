// Owns coroutines that run beside each other and ends them in two words.
//
// Nothing in the program is detached. Whoever starts coroutines starts them in a group, which knows
// how to end each one, forgets it when it ends by itself, and can be awaited empty:
//
//     group.leave();                  // first word: finish your part and leave
//     co_await group.empty(limit);    // the empty room, for as long as the caller waits
//     group.abort();                  // second word: now
//
// Thread: the loop. The group must be empty when it is destroyed.
#pragma once

#include <cstddef>
#include <functional>
#include <list>
#include <utility>

#include "base/awaitable.hpp"

namespace onlooker {

class TaskGroup {
  public:
    // How a member is told to end. Both are called on the loop, never after its coroutine has
    // ended; abort() may be called without leave() before it.
    class Member {
      public:
        virtual void leave() = 0;
        virtual void abort() = 0;

      protected:
        ~Member() = default;
    };

    explicit TaskGroup(Executor executor);
    TaskGroup(const TaskGroup&) = delete;
    TaskGroup& operator=(const TaskGroup&) = delete;
    ~TaskGroup();

    // Starts `task`; `member` must live in, or be kept alive by, the coroutine. An exception that
    // leaves the coroutine is logged, since nobody else would hear of it.
    void spawn(Member& member, Awaitable<> task);

    void leave();
    void abort();

    std::size_t size() const noexcept { return members_.size(); }

    // Ends with true when the group is empty, with false when it is not at `limit`. One waiter at a
    // time.
    Awaitable<bool> empty(SteadyClock::time_point limit);

  private:
    // A member's place in the list, until it is given up.
    class Place {
      public:
        Place(TaskGroup& group, Member& member);
        Place(Place&& other) noexcept
            : group_(std::exchange(other.group_, nullptr)), place_(other.place_) {}
        ~Place() { give_up(); }
        void give_up() noexcept;

      private:
        TaskGroup* group_;
        std::list<Member*>::iterator place_;
    };

    Awaitable<> run(Awaitable<> task, Place place);
    void for_each(void (Member::*word)());

    Executor executor_;
    std::list<Member*> members_;
    Timer emptied_;
};

}  // namespace onlooker
