#include "http/server.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <cassert>
#include <string>
#include <utility>

#include "base/clock.hpp"
#include "base/logging.hpp"
#include "http/wire/descriptor_limit.hpp"
#include "http/wire/listener.hpp"
#include "http/wire/peer_name.hpp"
#include "http/wire/plain_transport.hpp"

namespace onlooker::http {

namespace {

using asio::ip::tcp;

constexpr std::size_t read_buffer_size = 16 * 1024;
// Under way at a time. Each takes some 40 KiB of OpenSSL, and as long as its peer likes, up to its
// deadline; half a millisecond of the processor is what an honest one needs.
constexpr std::size_t most_handshakes = 256;

// As many as were asked for, if there can be so many.
std::size_t connections_for(std::size_t wished, const DescriptorBudget& budget) {
    const std::size_t possible = budget.connections;
    if (wished == 0 && budget.is_scarce())
        logging::warn(
            "{} files may be open at a time: that is enough for {} connections; raise the limit "
            "for more (ulimit -n 1024, or LimitNOFILE=1024 of a systemd unit)",
            budget.limit, possible);
    if (wished > possible)
        logging::warn(
            "{} connections are wished for and {} fit into the limit on open files; raise that to "
            "{} (ulimit -n, or LimitNOFILE= of a systemd unit) or choose a lower --max-connections",
            wished, possible, wished + reserved_descriptors);
    return wished == 0 ? possible : std::min(wished, possible);
}

}  // namespace

Server::Server(asio::io_context& loop, const Router& router, ServerSettings settings)
    : executor_(loop.get_executor()),
      settings_(std::move(settings)),
      budget_(descriptor_budget()),
      max_connections_(connections_for(settings_.max_connections, budget_)),
      max_handshakes_(std::clamp(max_connections_ / 4, std::size_t{1}, most_handshakes)),
      read_buffer_(read_buffer_size),
      shared_{router, settings_.connection, read_buffer_},
      addresses_(settings_.max_connections_per_address),
      connections_(executor_),
      refusals_(executor_),
      accepting_(executor_) {
    if (!settings_.tls_certificate.empty())
        certificate_ = std::make_unique<CertificateWatch>(executor_, settings_.tls_certificate,
                                                          settings_.tls_key);
    listen_everywhere();
}

void Server::listen_everywhere() {
    AcceptLoop::Host& host = *this;
    for (const ListenAddress& address : settings_.listen) {
        const bool secure = address.is_tls(certificate_ != nullptr);
        for (Listener& listener : listen(executor_, address, secure))
            accept_loops_.push_back(std::make_unique<AcceptLoop>(std::move(listener), host));
    }
    const auto all = listeners();
    const auto with_tls = std::ranges::find(all, true, &Listener::secure);
    if (settings_.tls_redirect && with_tls != all.end())
        shared_.redirect_to = (*with_tls)->endpoint().port();
}

Server::~Server() {
    shared_.bad_requests.tell_rest(spdlog::level::info, "bad requests");
    turned_away_.tell_rest(spdlog::level::warn, "connections turned away");
}

void Server::start() {
    for (const auto& loop : accept_loops_)
        accepting_.spawn(*loop, loop->run());
    if (certificate_)
        accepting_.spawn(*certificate_, certificate_->run());
}

void Server::change(const ServerSettings& settings) {
    assert(loop_.is_here());
    max_connections_ = connections_for(settings.max_connections, budget_);
    addresses_.allow(settings.max_connections_per_address);
    shared_.settings = settings.connection;
}

void Server::stop_accepting() {
    assert(loop_.is_here());
    accepting_.leave();
}

void Server::leave() {
    assert(loop_.is_here());
    connections_.leave();
    refusals_.leave();
}

void Server::abort() {
    assert(loop_.is_here());
    connections_.abort();
    refusals_.abort();
}

Awaitable<bool> Server::wait_empty(SteadyTime limit) {
    for (TaskGroup* group : {&accepting_, &refusals_, &connections_}) {
        const bool emptied = co_await group->wait_empty(limit);
        if (!emptied)
            co_return false;
    }
    co_return true;
}

std::vector<const Listener*> Server::listeners() const {
    std::vector<const Listener*> listeners;
    listeners.reserve(accept_loops_.size());
    for (const auto& loop : accept_loops_)
        listeners.push_back(&loop->listener());
    return listeners;
}

std::vector<tcp::endpoint> Server::endpoints() const {
    std::vector<tcp::endpoint> endpoints;
    for (const Listener* const listener : listeners())
        if (!listener->is_unix)
            endpoints.push_back(listener->endpoint());
    return endpoints;
}

std::vector<int> Server::sockets(const ListenAddress& address) const {
    std::vector<int> sockets;
    for (const auto& loop : accept_loops_) {
        if (loop->listener().address == address)
            sockets.push_back(loop->acceptor().native_handle());
    }
    return sockets;
}

void Server::admit(TcpSocket socket, const tcp::endpoint& remote, bool secure) {
    assert(loop_.is_here());
    ++admitted_;
    auto seat = addresses_.reserve(remote.address());
    auto transport = transport_over(std::move(socket), secure);
    if (!seat)
        return refuse(std::move(transport), remote,
                      "There are too many connections from your address.");
    if (connections_.size() >= max_connections_ && !shed_longest_idle())
        return refuse(std::move(transport), remote,
                      "This server has all the connections it can take.");
    if (secure && shared_.handshakes.size() >= max_handshakes_)
        shed(shared_.handshakes);
    auto connection =
        std::make_unique<Connection>(shared_, std::move(transport), remote, std::move(*seat));
    Connection& member = *connection;
    connections_.spawn(member, Connection::run(std::move(connection)));
}

void Server::refuse(std::unique_ptr<Transport> transport, const tcp::endpoint& remote,
                    const char* sentence) {
    ++turned_away_count_;
    turned_away_.write(spdlog::level::warn, "{} turned away: {}", peer_name(remote), sentence);
    if (refusals_.size() >= budget_.refusals)
        return;  // and with it the socket is closed
    auto connection = std::make_unique<Connection>(shared_, std::move(transport), remote);
    Response answer = Response::unavailable(sentence, settings_.retry_after);
    Connection& member = *connection;
    refusals_.spawn(member, Connection::refuse(std::move(connection), std::move(answer)));
}

std::unique_ptr<Transport> Server::transport_over(TcpSocket socket, bool secure) {
    if (secure)
        return certificate_->context().transport_over(std::move(socket));
    return std::make_unique<PlainTransport>(std::move(socket));
}

bool Server::run_short() {
    return shed_longest_idle();
}

void Server::turn_away(TcpSocket socket, const tcp::endpoint& remote, bool secure) {
    refuse(transport_over(std::move(socket), secure), remote,
           "This server has all the connections it can take.");
}

// The first of them. It ends a moment later: for that long there is one connection more than the
// limit, out of the reserved descriptors.
bool Server::shed(std::list<Connection*>& waiting) {
    if (waiting.empty())
        return false;
    Connection& connection = *waiting.front();
    connection.end_idleness();
    connection.leave();
    return true;
}

// Handshakes come after those that were served before: otherwise newcomers would push each other
// out where many keep a connection that they do not use.
bool Server::shed_longest_idle() {
    return shed(shared_.idle) || shed(shared_.handshakes);
}

}  // namespace onlooker::http
