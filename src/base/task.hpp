// A coroutine that is waited for by another one, with nothing of Asio in it.
//
// Most of the program runs in Asio's awaitable. A viewer's loop does not, for one reason: each
// `co_await` of an asio::awaitable costs a coroutine frame and a handler, and a thousand viewers
// at thirty frames a second make thirty thousand of them. Inside a Task, waiting for the next
// frame is one suspended coroutine in an intrusive list: no allocation, no post.
//
//     Task show(Viewer& viewer);                 // a loop of its own
//     co_await run(executor, show(viewer));      // inside an Awaitable
//
// Thread: the loop. Owner: the coroutine that awaits it, once and to its end, since what the Task
// waits for points into its frame. It starts when it is awaited. Exceptions reach the coroutine
// that awaits it.
#pragma once

#include <asio/async_result.hpp>

#include <cassert>
#include <coroutine>
#include <exception>
#include <utility>

#include "base/awaitable.hpp"

namespace onlooker {

class [[nodiscard]] Task {
  public:
    class promise_type {
      public:
        Task get_return_object() {
            return Task(std::coroutine_handle<promise_type>::from_promise(*this));
        }
        std::suspend_always initial_suspend() noexcept { return {}; }
        auto final_suspend() noexcept {
            struct Continue {
                bool await_ready() noexcept { return false; }
                std::coroutine_handle<> await_suspend(
                    std::coroutine_handle<promise_type> self) noexcept {
                    return self.promise().continuation_;
                }
                void await_resume() noexcept {}
            };
            return Continue{};
        }
        void return_void() noexcept {}
        void unhandled_exception() noexcept { exception_ = std::current_exception(); }

      private:
        friend class Task;
        std::coroutine_handle<> continuation_;  // null until it is awaited
        std::exception_ptr exception_;
    };

    Task(Task&& other) noexcept : coroutine_(std::exchange(other.coroutine_, {})) {}
    Task& operator=(Task other) noexcept {
        std::swap(coroutine_, other.coroutine_);
        return *this;
    }
    ~Task() {
        if (!coroutine_)
            return;
        // Destroyed in the middle, it would leave what it waits for with a pointer into its frame.
        assert(coroutine_.done() || !coroutine_.promise().continuation_);
        coroutine_.destroy();
    }

    auto operator co_await() const noexcept {
        struct Awaiter {
            std::coroutine_handle<promise_type> task;
            bool await_ready() const noexcept { return false; }
            std::coroutine_handle<> await_suspend(std::coroutine_handle<> awaiting) noexcept {
                assert(!task.promise().continuation_);
                task.promise().continuation_ = awaiting;
                return task;
            }
            void await_resume() const {
                if (task.promise().exception_)
                    std::rethrow_exception(task.promise().exception_);
            }
        };
        return Awaiter{coroutine_};
    }

  private:
    explicit Task(std::coroutine_handle<promise_type> coroutine) noexcept : coroutine_(coroutine) {}

    std::coroutine_handle<promise_type> coroutine_;
};

namespace detail {

// A coroutine that owns itself: it runs a task and then calls a completion handler.
struct Detached {
    struct promise_type {
        Detached get_return_object() noexcept { return {}; }
        std::suspend_never initial_suspend() noexcept { return {}; }
        std::suspend_never final_suspend() noexcept { return {}; }
        void return_void() noexcept {}
        [[noreturn]] void unhandled_exception() noexcept { std::terminate(); }
    };
};

template <typename Handler>
Detached run_then_complete(Task task, Executor executor, Handler handler) {
    std::exception_ptr exception;
    try {
        co_await task;
    } catch (...) {
        exception = std::current_exception();
    }
    // Posted, so that the awaiting coroutine does not resume, and destroy its frame, underneath
    // whoever woke the task.
    asio::post(executor, [handler = std::move(handler), exception]() mutable {
        std::move(handler)(exception);
    });
}

template <typename OnEnd>
Detached run_beside(Task task, OnEnd on_end) {
    std::exception_ptr exception;
    try {
        co_await task;
    } catch (...) {
        exception = std::current_exception();
    }
    on_end(exception);
}

}  // namespace detail

// Runs `task` beside its caller, up to its first wait before this returns. What it throws, or null,
// is given to `on_end`, which throws nothing, and is called by whatever resumed the task last.
template <typename OnEnd>
void start(Task task, OnEnd on_end) {
    detail::run_beside(std::move(task), std::move(on_end));
}

// Waits in an Awaitable until `task` has run to its end.
inline Awaitable<> run(Executor executor, Task task) {
    auto initiate = [&](auto handler) {
        detail::run_then_complete(std::move(task), executor, std::move(handler));
    };
    co_await asio::async_initiate<const asio::use_awaitable_t<Executor>, void(std::exception_ptr)>(
        initiate, use_awaitable);
}

}  // namespace onlooker
