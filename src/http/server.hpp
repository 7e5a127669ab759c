// Listens, accepts, and owns the connections.
//
// Stopping has an order, and the caller holds the clock:
//
//     server.stop_accepting();              // 1. no newcomers
//     server.leave();                       // 2. guests finish their part
//     co_await server.empty();              // 3. the empty room, for as long as the caller waits
//     server.abort();                       // 4. now
//
// At the limit of connections a newcomer takes the place of the connection that has been idle
// longest; if none is idle it is answered with 503 and Retry-After. A connection that is served is
// never dropped for another one. When the process has no descriptors left, accepting pauses.
//
// Owner: App. Thread: the loop. Errors: the constructor throws std::runtime_error with words for
// the user.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/awaitable.hpp"
#include "base/task_group.hpp"
#include "http/connection.hpp"
#include "http/router.hpp"

namespace onlooker::http {

struct ServerOptions {
    std::string host = "127.0.0.1";
    std::uint16_t port = 5000;  // 0: any that is free
    // At a time. 0: what the descriptor limit allows.
    std::size_t max_connections = 0;
    // At a time from one address (IPv6: from one /64). 0: no limit.
    std::size_t max_connections_per_address = 0;
    std::chrono::seconds retry_after{2};  // what a client that is turned away is told
    ConnectionOptions connection;
};

class Server {
  public:
    Server(asio::io_context& loop, const Router& router, ServerOptions options);
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;
    ~Server();

    // Begins to accept.
    void start();

    void stop_accepting();
    void leave() { connections_.leave(); }
    void abort() { connections_.abort(); }
    // Ends when there is neither a connection nor an accept loop.
    Awaitable<> empty();

    std::vector<asio::ip::tcp::endpoint> endpoints() const;
    std::size_t connections() const noexcept { return connections_.size(); }
    std::size_t max_connections() const noexcept { return max_connections_; }

  private:
    class AcceptLoop;

    Awaitable<> accept_from(AcceptLoop& self);
    // False when accepting has to pause.
    bool accept_batch(TcpAcceptor& acceptor);
    void admit(TcpSocket socket, const asio::ip::tcp::endpoint& remote);
    void refuse(TcpSocket socket, const asio::ip::tcp::endpoint& remote, const char* sentence);
    bool shed_longest_idle();
    void count(const asio::ip::address& address);
    bool is_over_limit(const asio::ip::address& address) const;
    void forget(Connection& connection);

    Executor executor_;
    ServerOptions options_;
    std::size_t max_connections_;
    std::vector<std::byte> read_buffer_;
    ConnectionShared shared_;
    std::list<Connection*> idle_;  // longest first
    std::unordered_map<std::string, std::size_t> per_address_;
    std::size_t refusals_ = 0;  // connections that are being turned away
    TaskGroup connections_;
    TaskGroup accepting_;
    std::vector<std::unique_ptr<AcceptLoop>> accept_loops_;
};

}  // namespace onlooker::http
