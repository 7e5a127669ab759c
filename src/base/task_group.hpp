// Owns coroutines that run beside each other, and ends them in two steps.
//
// Nothing in the program is detached. Whoever starts coroutines starts them in a group, which knows
// how to end each one, forgets it when it ends by itself, and can be waited for:
//
//     group.leave();                       // finish what you have begun, and end
//     co_await group.wait_empty(limit);    // until all have ended, or the caller's limit
//     group.abort();                       // end now
//
// Thread: the loop; spawn() before it runs, too. The group must be empty when it is destroyed.
#pragma once

#include <cstddef>
#include <functional>
#include <list>
#include <utility>

#include "base/awaitable.hpp"
#include "base/one_thread.hpp"

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

    // Ends with true when the group is empty, with false when it still is not at `limit`. One
    // waiter at a time.
    Awaitable<bool> wait_empty(SteadyTime limit);

  private:
    // A member's entry in the list, until it is given up.
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
    void for_each(void (Member::*call)());

    Executor executor_;
    std::list<Member*> members_;
    Timer emptied_;
    bool waited_for_ = false;
    [[no_unique_address]] OneThread loop_;
};

}  // namespace onlooker
