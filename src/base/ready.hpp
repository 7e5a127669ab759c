// Waits inside a Task (base/task.hpp): for a socket to be ready, for a timer to run out. Owner: the
// expression that awaits. Thread: the loop.
#pragma once

#include <asio/error_code.hpp>
#include <asio/socket_base.hpp>

#include <coroutine>

#include "base/awaitable.hpp"

namespace onlooker {

// `const asio::error_code error = co_await SocketReady(socket, SocketReady::write);`
// Cancelling or closing the socket ends the wait with an error.
class SocketReady {
  public:
    using Wait = asio::socket_base::wait_type;
    static constexpr Wait read = asio::socket_base::wait_read;
    static constexpr Wait write = asio::socket_base::wait_write;

    SocketReady(TcpSocket& socket, Wait what) noexcept : socket_(socket), what_(what) {}

    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> waiting) {
        socket_.async_wait(what_, [this, waiting](const asio::error_code& error) {
            error_ = error;
            waiting.resume();
        });
    }
    asio::error_code await_resume() const noexcept { return error_; }

  private:
    TcpSocket& socket_;
    Wait what_;
    asio::error_code error_;
};

// `co_await TimerEnds(timer);` after timer.expires_...(). Cancelling the timer ends the wait too;
// whoever does that leaves a note why.
class TimerEnds {
  public:
    explicit TimerEnds(Timer& timer) noexcept : timer_(timer) {}

    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> waiting) {
        timer_.async_wait([waiting](const asio::error_code&) { waiting.resume(); });
    }
    void await_resume() const noexcept {}

  private:
    Timer& timer_;
};

}  // namespace onlooker
