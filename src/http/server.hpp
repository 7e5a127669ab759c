// Listens, accepts, and owns the connections.
//
// Stopping has an order, and the caller holds the clock:
//
//     server.stop_accepting();              // 1. no new connections
//     server.leave();                       // 2. connections finish what they have begun
//     co_await server.wait_empty(limit);    // 3. until all have ended, or the caller's limit
//     server.abort();                       // 4. what is left ends now
//
// At the limit of connections a new one takes the place of the connection that has been idle
// longest; if none is idle it is answered with 503 and Retry-After. A connection that is being
// served is never dropped for another one. Of TLS handshakes only a part of all connections may be
// under way; one more takes the place of the one that
// has waited longest. When the process has no descriptors, or no memory, left
// for one more, an idle connection ends, or else the new one is turned away, and accepting pauses.
//
// Owner: App. Thread: the loop. Errors: the constructor throws std::runtime_error with words for
// the user.
#pragma once

#include <chrono>
#include <cstddef>
#include <list>
#include <memory>
#include <string>
#include <vector>

#include "base/awaitable.hpp"
#include "base/limited_log.hpp"
#include "base/one_thread.hpp"
#include "base/task_group.hpp"
#include "http/certificate_watch.hpp"
#include "http/connection.hpp"
#include "http/router.hpp"
#include "http/wire/accept_loop.hpp"
#include "http/wire/address_limit.hpp"
#include "http/wire/descriptor_limit.hpp"
#include "http/wire/listen_address.hpp"

namespace onlooker::http {

struct ServerSettings {
    std::vector<ListenAddress> listen{ListenAddress{}};
    // At a time. 0: what the descriptor limit allows; it never is more than that.
    std::size_t max_connections = 0;
    // At a time from one address (IPv6: from one /64). 0: no limit.
    std::size_t max_connections_per_address = 0;
    std::chrono::seconds retry_after = default_retry_after;
    // PEM files, for HTTPS; both or neither.
    std::string tls_certificate;
    std::string tls_key;
    // Requests that come over TCP without TLS are sent to where it is.
    bool tls_redirect = false;
    ConnectionSettings connection;

    bool operator==(const ServerSettings&) const = default;
};

class Server final : private AcceptLoop::Host {
  public:
    Server(asio::io_context& loop, const Router& router, ServerSettings settings);
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;
    ~Server();

    // Begins to accept. May be called before the loop runs.
    void start();

    // Limits and deadlines, from the next request on; the rest of the settings stays as it is.
    void change(const ServerSettings& settings);

    void stop_accepting();
    void leave();
    void abort();
    // Ends with true when there is neither a connection nor an accept loop, with false when there
    // still is at `limit`. One waiter at a time.
    Awaitable<bool> wait_empty(SteadyTime limit);

    // What watches over the certificate; null: none is in use.
    CertificateWatch* certificate() noexcept { return certificate_.get(); }

    // All that it listens on, and where of that it does so over TCP.
    std::vector<const Listener*> listeners() const;
    std::vector<asio::ip::tcp::endpoint> endpoints() const;
    // What it listens on for one of ServerSettings::listen, for others to keep open.
    std::vector<int> sockets(const ListenAddress& address) const;
    const DescriptorBudget& descriptors() const noexcept { return budget_; }
    std::size_t max_connections() const noexcept { return max_connections_; }
    // Let in since the start.
    std::uint64_t admitted() const noexcept { return admitted_; }
    // Turned away since the start.
    std::uint64_t turned_away() const noexcept { return turned_away_count_; }
    // Those being turned away included.
    std::size_t connections() const noexcept override {
        return connections_.size() + refusals_.size();
    }

  private:
    // AcceptLoop::Host
    void admit(TcpSocket socket, const asio::ip::tcp::endpoint& remote, bool secure) override;
    bool run_short() override;
    void turn_away(TcpSocket socket, const asio::ip::tcp::endpoint& remote, bool secure) override;

    void listen_everywhere();
    void refuse(std::unique_ptr<Transport> transport, const asio::ip::tcp::endpoint& remote,
                const char* sentence);
    std::unique_ptr<Transport> transport_over(TcpSocket socket, bool secure);
    static bool shed(std::list<Connection*>& waiting);
    bool shed_longest_idle();

    Executor executor_;
    ServerSettings settings_;
    DescriptorBudget budget_;
    std::size_t max_connections_;
    std::size_t max_handshakes_;
    std::unique_ptr<CertificateWatch> certificate_;  // null: plain HTTP
    std::vector<std::byte> read_buffer_;
    ConnectionShared shared_;
    AddressLimit addresses_;
    LimitedLog turned_away_;
    TaskGroup connections_;
    TaskGroup refusals_;  // connections that are being turned away
    TaskGroup accepting_;
    std::uint64_t admitted_ = 0;
    std::uint64_t turned_away_count_ = 0;
    std::vector<std::unique_ptr<AcceptLoop>> accept_loops_;
    [[no_unique_address]] OneThread loop_;
};

}  // namespace onlooker::http
