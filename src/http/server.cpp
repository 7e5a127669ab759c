#include "http/server.hpp"

#include <asio/post.hpp>
#include <spdlog/spdlog.h>

#include <cerrno>
#include <new>
#include <string>
#include <utility>

#include "base/memory_reserve.hpp"
#include "http/descriptor_limit.hpp"
#include "http/listener.hpp"
#include "http/plain_transport.hpp"

namespace onlooker::http {

namespace {

using asio::ip::tcp;

constexpr int accept_batch_size = 32;
constexpr auto accept_pause = std::chrono::milliseconds(100);
constexpr std::size_t read_buffer_size = 16 * 1024;

// Connections that are told 503 at a time; more are closed without a word.
constexpr std::size_t most_refusals = 32;

bool is_lack_of_resources(const asio::error_code& error) noexcept {
    return error.value() == EMFILE || error.value() == ENFILE || error.value() == ENOBUFS ||
           error.value() == ENOMEM;
}

}  // namespace

// One listening socket and its coroutine.
class Server::AcceptLoop final : public TaskGroup::Member {
  public:
    explicit AcceptLoop(TcpAcceptor acceptor)
        : acceptor_(std::move(acceptor)), pause_(acceptor_.get_executor()) {}

    void leave() override {
        stopped_ = true;
        asio::error_code ignored;
        acceptor_.close(ignored);
        pause_.cancel();
    }
    void abort() override { leave(); }

    TcpAcceptor& acceptor() noexcept { return acceptor_; }
    const TcpAcceptor& acceptor() const noexcept { return acceptor_; }
    Timer& pause() noexcept { return pause_; }
    bool stopped() const noexcept { return stopped_; }

  private:
    TcpAcceptor acceptor_;
    Timer pause_;
    bool stopped_ = false;
};

Server::Server(asio::io_context& loop, const Router& router, ServerOptions options)
    : executor_(loop.get_executor()),
      options_(std::move(options)),
      max_connections_(options_.max_connections),
      read_buffer_(read_buffer_size),
      shared_{router, options_.connection, read_buffer_},
      addresses_(options_.max_connections_per_address),
      connections_(executor_),
      refusals_(executor_),
      accepting_(executor_) {
    if (!options_.tls_certificate.empty())
        tls_ = TlsContext::load(options_.tls_certificate, options_.tls_key);
    const std::size_t possible = connections_within_descriptor_limit();
    if (max_connections_ == 0 || max_connections_ > possible)
        max_connections_ = possible;
    for (TcpAcceptor& acceptor : listen_on(executor_, options_.host, options_.port))
        accept_loops_.push_back(std::make_unique<AcceptLoop>(std::move(acceptor)));
}

Server::~Server() {
    shared_.bad_requests.tell_rest(spdlog::level::info, "bad requests");
    turned_away_.tell_rest(spdlog::level::warn, "connections turned away");
}

void Server::start() {
    for (const auto& loop : accept_loops_)
        accepting_.spawn(*loop, accept_from(*loop));
}

void Server::stop_accepting() {
    accepting_.leave();
}

void Server::leave() {
    connections_.leave();
    refusals_.leave();
}

void Server::abort() {
    connections_.abort();
    refusals_.abort();
}

Awaitable<> Server::empty() {
    co_await accepting_.empty();
    co_await refusals_.empty();
    co_await connections_.empty();
}

std::vector<tcp::endpoint> Server::endpoints() const {
    std::vector<tcp::endpoint> endpoints;
    for (const auto& loop : accept_loops_) {
        asio::error_code ignored;
        endpoints.push_back(loop->acceptor().local_endpoint(ignored));
    }
    return endpoints;
}

Awaitable<> Server::accept_from(AcceptLoop& self) {
    while (!self.stopped()) {
        const auto [error] = co_await self.acceptor().async_wait(TcpAcceptor::wait_read, as_result);
        if (error)
            break;
        if (!accept_batch(self.acceptor()) && !self.stopped()) {
            self.pause().expires_after(accept_pause);
            co_await self.pause().async_wait(as_result);
        }
        // What is running gets its turn between two batches.
        co_await asio::post(executor_, use_awaitable);
    }
}

bool Server::accept_batch(TcpAcceptor& acceptor) {
    // What is left of memory is for those who are there.
    if (!memory_reserve::restore()) {
        shortages_.write(spdlog::level::warn, "no memory for more connections for now");
        shed_longest_idle();
        return false;
    }
    for (int count = 0; count < accept_batch_size; ++count) {
        TcpSocket socket(executor_);
        tcp::endpoint remote;
        asio::error_code error;
        acceptor.accept(socket, remote, error);
        if (error == asio::error::would_block || error == asio::error::bad_descriptor)
            return true;
        if (is_lack_of_resources(error)) {
            shortages_.write(spdlog::level::warn, "cannot accept connections for now: {}",
                             error.message());
            shed_longest_idle();
            return false;
        }
        // Any other error concerns the one connection that did not come about.
        if (error)
            continue;
        try {
            admit(std::move(socket), remote);
        } catch (const std::bad_alloc&) {
            shortages_.write(spdlog::level::warn, "no memory for one more connection");
            return false;
        }
    }
    return true;
}

void Server::admit(TcpSocket socket, const tcp::endpoint& remote) {
    auto seat = addresses_.take(remote.address());
    if (!seat)
        return refuse(std::move(socket), remote,
                      "There are too many connections from your address.");
    if (connections_.size() >= max_connections_ && !shed_longest_idle())
        return refuse(std::move(socket), remote,
                      "This server has all the connections it can take.");
    auto connection = std::make_unique<Connection>(shared_, transport_over(std::move(socket)),
                                                   remote, std::move(*seat));
    Connection& member = *connection;
    connections_.spawn(member, Connection::run(std::move(connection)));
}

void Server::refuse(TcpSocket socket, const tcp::endpoint& remote, const char* sentence) {
    turned_away_.write(spdlog::level::warn, "{} turned away: {}", remote.address().to_string(),
                       sentence);
    if (refusals_.size() >= most_refusals)
        return;  // and with it the socket is closed
    auto connection =
        std::make_unique<Connection>(shared_, transport_over(std::move(socket)), remote);
    Response answer = Response::unavailable(sentence, options_.retry_after);
    Connection& member = *connection;
    refusals_.spawn(member, Connection::refuse(std::move(connection), std::move(answer)));
}

std::unique_ptr<Transport> Server::transport_over(TcpSocket socket) {
    if (tls_)
        return tls_->transport_over(std::move(socket));
    return std::make_unique<PlainTransport>(std::move(socket));
}

// It leaves on its own, a moment later: for that long there is one connection more than the limit,
// out of the reserve.
bool Server::shed_longest_idle() {
    if (shared_.idle.empty())
        return false;
    Connection& connection = *shared_.idle.front();
    connection.end_idleness();
    connection.leave();
    return true;
}

}  // namespace onlooker::http
