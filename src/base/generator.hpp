// A synchronous generator coroutine: a function that hands out values one at a time.
//
// Drivers are generators of pictures and long responses are generators of text, so this is the
// C++ shape of the article's `yield`. (std::generator comes with C++23; g++ 12 does not have it.)
//
// A yielded value is lent: the reference stays good until next() is called again or the generator
// is destroyed. Destroying a suspended generator destroys its locals, which is how a driver's
// device is closed. Exceptions thrown by the body come out of next(). Not thread-safe; may be used
// on any one thread at a time.
#pragma once

#include <coroutine>
#include <exception>
#include <memory>
#include <utility>

namespace onlooker {

template <typename T>
class [[nodiscard]] Generator {
  public:
    class promise_type {
      public:
        Generator get_return_object() {
            return Generator(std::coroutine_handle<promise_type>::from_promise(*this));
        }
        std::suspend_always initial_suspend() noexcept { return {}; }
        std::suspend_always final_suspend() noexcept { return {}; }
        // The operand of co_yield lives until the coroutine is resumed, so its address is enough.
        std::suspend_always yield_value(const T& value) noexcept {
            value_ = std::addressof(value);
            return {};
        }
        void return_void() noexcept {}
        void unhandled_exception() { exception_ = std::current_exception(); }
        // A generator is synchronous: it must not wait for anything on the loop.
        template <typename U>
        std::suspend_never await_transform(U&&) = delete;

      private:
        friend class Generator;
        const T* value_ = nullptr;
        std::exception_ptr exception_;
    };

    Generator() noexcept = default;
    Generator(Generator&& other) noexcept : coroutine_(std::exchange(other.coroutine_, {})) {}
    Generator& operator=(Generator other) noexcept {
        std::swap(coroutine_, other.coroutine_);
        return *this;
    }
    ~Generator() {
        if (coroutine_)
            coroutine_.destroy();
    }

    // Runs the body to its next co_yield and returns the value, or nullptr when the body has ended.
    const T* next() {
        if (!coroutine_ || coroutine_.done())
            return nullptr;
        promise_type& promise = coroutine_.promise();
        promise.value_ = nullptr;
        coroutine_.resume();
        if (promise.exception_)
            std::rethrow_exception(std::exchange(promise.exception_, nullptr));
        return coroutine_.done() ? nullptr : promise.value_;
    }

    explicit operator bool() const noexcept { return static_cast<bool>(coroutine_); }

  private:
    explicit Generator(std::coroutine_handle<promise_type> coroutine) noexcept
        : coroutine_(coroutine) {}

    std::coroutine_handle<promise_type> coroutine_;
};

}  // namespace onlooker
