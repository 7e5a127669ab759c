// Which thread an object belongs to, for an assertion that another one never uses it:
//
//     assert(loop_thread_.is_here());
//
// The first thread that asks is the one. It asks nothing and holds nothing in a release, where
// assertions are off.
//
// Owner: the object it is a member of. Thread: any.
#pragma once

#ifndef NDEBUG
#include <atomic>
#include <thread>
#endif

namespace onlooker {

class OneThread {
  public:
#ifdef NDEBUG
    // Written out, so that clang does not take the member for one that nobody uses.
    constexpr OneThread() noexcept {}
    bool is_here() const noexcept { return true; }
#else
    bool is_here() const noexcept {
        std::thread::id owner;
        const std::thread::id here = std::this_thread::get_id();
        return owner_.compare_exchange_strong(owner, here) || owner == here;
    }

  private:
    mutable std::atomic<std::thread::id> owner_;
#endif
};

}  // namespace onlooker
