// The names under which the rest of the program uses Asio.
//
// Everything asynchronous happens on one io_context that one thread runs, "the loop". Naming its
// executor type here, instead of Asio's type-erased default, makes each operation smaller and
// faster, and a mix-up with another executor does not compile.
//
// Asio 1.22 (Debian 12) and 1.30 (Debian 13) are both supported; what differs between them is
// named here and nowhere else.
#pragma once

#include <asio/awaitable.hpp>
#include <asio/basic_socket_acceptor.hpp>
#include <asio/basic_stream_socket.hpp>
#include <asio/basic_waitable_timer.hpp>
#if __has_include(<asio/as_tuple.hpp>)
#include <asio/as_tuple.hpp>
#else
#include <asio/experimental/as_tuple.hpp>
#endif
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/use_awaitable.hpp>

#include <chrono>

#include "base/clock.hpp"
#include "base/running_clock.hpp"

namespace onlooker {

using Executor = asio::io_context::executor_type;

// A coroutine that runs on the loop.
template <typename T = void>
using Awaitable = asio::awaitable<T, Executor>;

// `co_await operation(use_awaitable)` throws std::system_error when the operation fails.
inline constexpr asio::use_awaitable_t<Executor> use_awaitable{};

// `auto [error, ...] = co_await operation(as_result)` gives the error as a value.
#if __has_include(<asio/as_tuple.hpp>)
inline constexpr auto as_result = asio::as_tuple(use_awaitable);
#else
inline constexpr auto as_result = asio::experimental::as_tuple(use_awaitable);
#endif

using TcpSocket = asio::basic_stream_socket<asio::ip::tcp, Executor>;
using TcpAcceptor = asio::basic_socket_acceptor<asio::ip::tcp, Executor>;

// Asio asks these how long to wait in the kernel at a time, and looks at the clock after each wait,
// before it decides what has expired (asio::wait_traits).
struct RunningWait {
    static RunningClock::duration to_wait_duration(const RunningClock::duration& rest) noexcept {
        const auto wait = RunningClock::longest_wait(rest);
        RunningClock::promise_look_within(wait);
        return wait;
    }
    static RunningClock::duration to_wait_duration(const SteadyTime& due) noexcept {
        return to_wait_duration(due - RunningClock::now());
    }
};

// Its times are those of the RunningClock.
using Timer = asio::basic_waitable_timer<RunningClock, RunningWait, Executor>;

}  // namespace onlooker
