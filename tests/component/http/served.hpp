// A server on a free loopback port, with its loop on a thread of its own, and a client of raw
// octets.
#pragma once

#include <asio/io_context.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

#include "base/unique_fd.hpp"
#include "http/router.hpp"
#include "http/server.hpp"

namespace onlooker::http::test {

class Served {
  public:
    explicit Served(Router router, ServerSettings settings = {});
    // Stops in order; aborts what has not left within a second.
    ~Served();

    std::uint16_t port() const noexcept { return port_; }
    Router& router() noexcept { return router_; }
    Server& server() noexcept { return *server_; }
    Executor executor() noexcept { return loop_.get_executor(); }

    // Runs `action` on the loop and waits for it.
    void on_loop(std::function<void()> action);

    // As the server counts them.
    std::size_t connections();

    // How much processor time the loop takes while the caller waits for `time`.
    std::chrono::nanoseconds busy_during(std::chrono::milliseconds time);

    // True when the server was empty before `limit`.
    bool stop(std::chrono::milliseconds limit);

  private:
    asio::io_context loop_{1};
    Router router_;
    std::unique_ptr<Server> server_;
    std::uint16_t port_ = 0;
    std::thread thread_;
    bool stopped_ = false;
};

class Client {
  public:
    // `receive_buffer`: SO_RCVBUF, for a client that takes little; 0 leaves it.
    explicit Client(std::uint16_t port, int receive_buffer = 0);

    void send(std::string_view text);
    // Asks for `target` over HTTP/1.1.
    void get(std::string_view target);
    // Asks for a stream whose boundary is "frame"; what came up to its first one.
    std::string open_stream(std::string_view target);
    // Gives up when the server takes nothing for `patience`; returns how many octets it took.
    std::size_t send_within(std::string_view text, std::chrono::milliseconds patience);
    void finish_sending();
    void close() { fd_ = UniqueFd(); }
    // Closes with a reset.
    void reset();

    // What comes until the peer closes, or nothing comes for `patience`.
    std::string receive_all(std::chrono::milliseconds patience = std::chrono::seconds(5));
    // What comes until it contains `mark`, the mark included. Shorter if that never comes.
    std::string receive_until(std::string_view mark);
    // So many octets; fewer if they never come.
    std::string receive_exactly(std::size_t octets);
    // At most `most` octets.
    std::string receive_some(std::size_t most = 65536);
    bool closed_by_peer(std::chrono::milliseconds patience);

  private:
    UniqueFd fd_;
    std::string kept_;
};

// Asks again and again; false when it is not so for all of `patience`.
bool eventually(const std::function<bool()>& condition,
                std::chrono::milliseconds patience = std::chrono::seconds(5));

// "200" of "HTTP/1.1 200 OK".
int status_of(std::string_view response);

}  // namespace onlooker::http::test
