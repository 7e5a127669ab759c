#include "http/wire/accept_loop.hpp"

#include <fcntl.h>

#include <asio/post.hpp>

#include <cerrno>
#include <chrono>
#include <cstddef>
#include <exception>
#include <new>
#include <utility>

#include "base/memory_reserve.hpp"
#include "http/wire/keep_alive.hpp"
#include "http/wire/peer_name.hpp"

namespace onlooker::http {

namespace {

using asio::ip::tcp;

constexpr int accept_batch_size = 32;
constexpr auto accept_pause = std::chrono::milliseconds(100);
constexpr std::size_t few_connections = 8;

bool is_lack_of_resources(const asio::error_code& error) noexcept {
    return error.value() == EMFILE || error.value() == ENFILE || error.value() == ENOBUFS ||
           error.value() == ENOMEM;
}

}  // namespace

AcceptLoop::AcceptLoop(Listener listener, Host& host)
    : listener_(std::move(listener)), host_(host), pause_(acceptor_.get_executor()) {
    keep_spare();
}

void AcceptLoop::keep_spare() noexcept {
    if (!spare_)
        spare_ = UniqueFd(::open("/dev/null", O_RDONLY | O_CLOEXEC));
}

void AcceptLoop::leave() {
    stopped_ = true;
    asio::error_code ignored;
    acceptor_.close(ignored);
    listener_.file.reset();
    pause_.cancel();
}

Awaitable<> AcceptLoop::run() {
    while (!stopped_) {
        const auto [error] = co_await acceptor_.async_wait(TcpAcceptor::wait_read, as_result);
        if (stopped_)
            break;
        if (error)
            failures_.write(spdlog::level::err, "cannot wait for connections: {}; trying again",
                            error.message());
        if (error || !accept_batch()) {
            pause_.expires_after(accept_pause);
            co_await pause_.async_wait(as_result);
        }
        // Let the open connections have their turn between two batches.
        co_await asio::post(acceptor_.get_executor(), use_awaitable);
    }
}

// Asio's way of taking the peer's address has no room for the path of a unix socket.
asio::error_code AcceptLoop::accept(TcpSocket& socket, tcp::endpoint& remote) {
    asio::error_code error;
    if (listener_.is_unix) {
        acceptor_.accept(socket, error);
        remote = peer_of_unix_socket();
    } else {
        acceptor_.accept(socket, remote, error);
        if (!error)
            spread_probes(socket.native_handle());
    }
    return error;
}

void AcceptLoop::turn_one_away() {
    spare_ = UniqueFd();
    TcpSocket socket(acceptor_.get_executor());
    tcp::endpoint remote;
    const asio::error_code error = accept(socket, remote);
    try {
        if (!error)
            host_.turn_away(std::move(socket), remote, listener_.secure);
    } catch (const std::exception& failure) {
        failures_.write(spdlog::level::err, "{} could not be turned away: {}", peer_name(remote),
                        failure.what());
    }
    keep_spare();
}

// What memory is left is for the connections that are open. But a heap that has once been full may
// never again have a hole for each block of the reserve: where hardly anybody is left, a part of it
// is enough for one more.
bool AcceptLoop::has_memory() const {
    return memory_reserve::restore() ||
           (host_.connections() < few_connections && memory_reserve::is_there());
}

bool AcceptLoop::accept_batch() {
    keep_spare();
    if (!has_memory()) {
        shortages_.write(spdlog::level::warn, "no memory for more connections for now");
        host_.run_short();
        return false;
    }
    for (int count = 0; count < accept_batch_size; ++count) {
        TcpSocket socket(acceptor_.get_executor());
        tcp::endpoint remote;
        const asio::error_code error = accept(socket, remote);
        if (error == asio::error::would_block)
            return true;
        if (is_lack_of_resources(error)) {
            shortages_.write(spdlog::level::warn,
                             "cannot accept connections for now: {}; raise the limit on open files "
                             "(ulimit -n, or LimitNOFILE= of a systemd unit)",
                             error.message());
            if (!host_.run_short())
                turn_one_away();
            return false;
        }
        // Any other error concerns the one connection that did not come about.
        if (error)
            continue;
        try {
            host_.admit(std::move(socket), remote, listener_.secure);
        } catch (const std::bad_alloc&) {
            shortages_.write(spdlog::level::warn, "no memory for one more connection");
            return false;
        } catch (const std::exception& failure) {
            failures_.write(spdlog::level::err, "{} could not be let in: {}", peer_name(remote),
                            failure.what());
        }
    }
    return true;
}

}  // namespace onlooker::http
