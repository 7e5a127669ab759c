// Wakes the one coroutine that waits for it. Rung while nobody waits, it is remembered.
//
//     while (!over) {
//         ...                 // all that there is to do
//         co_await bell;
//     }
//
// Owner: whoever waits, or what outlives that. Thread: the loop.
#pragma once

#include <coroutine>
#include <utility>

namespace onlooker {

class Bell {
  public:
    Bell() = default;
    Bell(const Bell&) = delete;
    Bell& operator=(const Bell&) = delete;

    // The coroutine, and with it the bell, may be gone when the call returns.
    void ring() {
        rung_ = true;
        if (waiting_)
            std::exchange(waiting_, {}).resume();
    }
    bool await_ready() const noexcept { return rung_; }
    void await_suspend(std::coroutine_handle<> waiting) noexcept { waiting_ = waiting; }
    void await_resume() noexcept { rung_ = false; }

  private:
    std::coroutine_handle<> waiting_;
    bool rung_ = false;
};

}  // namespace onlooker
