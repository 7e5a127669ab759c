// One client's connection: one coroutine from accept to close.
//
//     receive --> router --> respond --> receive --> ...            keep-alive, in order
//                               |
//                               +--> stream takes over --> linger --> end
//
// Requests are answered one after the other. While an answer is written nothing is read, so a
// client that pipelines without reading is held back by TCP; at most one read's worth of octets is
// kept. Everything a peer does not do in time ends by a total deadline, not by a pause between
// octets.
//
// Memory: an idle connection holds this object and its coroutine; octets are read into a buffer all
// connections share. The parser goes before a stream begins.
//
// Errors: what a peer causes ends the connection without a word but one of debug level. Exceptions
// (no memory) end this connection alone and are logged.
//
// Owner: its coroutine, see run(). Thread: the loop.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/awaitable.hpp"
#include "base/deadline.hpp"
#include "base/task_group.hpp"
#include "http/request.hpp"
#include "http/request_parser.hpp"
#include "http/response.hpp"
#include "http/router.hpp"
#include "http/transport.hpp"

namespace onlooker::http {

struct ConnectionOptions {
    RequestLimits limits;
    // From accept to the first octet of the first request.
    std::chrono::milliseconds first_request{15'000};
    // From the first octet of a request to the end of its header section; then 408.
    std::chrono::milliseconds head{10'000};
    // From there to the end of its body; then 408.
    std::chrono::milliseconds body{15'000};
    // Between requests; then the connection is closed without a word.
    std::chrono::milliseconds idle{60'000};
    // An answer of which the peer takes not one octet for so long is given up.
    std::chrono::milliseconds write_stall{30'000};
    // How long we wait, after our last octet, for the peer to close.
    std::chrono::milliseconds linger{2'000};
};

class Connection;

// What all connections of a server share. Outlives them.
struct ConnectionShared {
    const Router& router;
    ConnectionOptions options;
    std::span<std::byte> read_buffer;         // used between two suspensions only
    std::list<Connection*>* idle = nullptr;   // those that wait for a request, longest first
    std::function<void(Connection&)> on_end;  // from its destructor
};

class Connection final : public TaskGroup::Member, private StreamConnection {
  public:
    Connection(ConnectionShared& shared, std::unique_ptr<Transport> transport,
               const asio::ip::tcp::endpoint& remote);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    // Serves until the connection is over.
    static Awaitable<> run(std::unique_ptr<Connection> self);

    // Answers whatever comes with this one response, and ends.
    static Awaitable<> refuse(std::unique_ptr<Connection> self, Response response);

    void leave() override;
    void abort() override;

    // Takes it off the list of idle connections.
    void end_idleness() noexcept;

    const asio::ip::tcp::endpoint& remote() const noexcept { return remote_; }
    bool is_refused() const noexcept { return refused_; }

  private:
    enum class Received : std::uint8_t { request, broken, end };
    enum class Push : std::uint8_t { all, wait_read, wait_write, failed };
    enum class Phase : std::uint8_t { waiting, head, body };
    using TimePoint = SteadyClock::time_point;

    // StreamConnection
    Transport& transport() noexcept override { return *transport_; }
    bool leaving() const noexcept override { return leaving_; }
    void on_leave(std::function<void()> wake) override { on_leave_ = std::move(wake); }
    const Request& request() const noexcept override { return request_; }

    Awaitable<> serve();

    Awaitable<Received> receive();
    Received take_request();
    bool idle_or_aborted() const noexcept;
    Awaitable<bool> wait_for_octets(IoResult::Outcome outcome);
    void enter_phase();
    void keep_unread(std::string_view octets);
    Response error_answer() const;

    // These end with false when the connection is over after them.
    Awaitable<bool> respond();
    Awaitable<bool> send(Response& response, HeadOptions options);
    Awaitable<bool> send_generated(TextGenerator& rows, std::string head, bool chunked);
    Awaitable<> stream(std::unique_ptr<StreamBody> body, std::string head);
    void log_answer(int status) const;

    Push push(std::span<ConstBytes>& pieces);
    Awaitable<bool> write(std::span<ConstBytes> pieces);
    Awaitable<bool> wait(TcpSocket::wait_type kind, TimePoint due);
    void set_deadline(TimePoint due);
    void deadline_reached();
    Awaitable<> yield();
    Awaitable<> linger();

    ConnectionShared& shared_;
    std::unique_ptr<Transport> transport_;
    asio::ip::tcp::endpoint remote_;
    std::optional<RequestParser> parser_;
    std::optional<Deadline> deadline_;
    TimePoint due_{};                         // of the wait that is under way
    TimePoint armed_for_ = TimePoint::max();  // when deadline_ runs out; it may be before due_
    TimePoint phase_due_{};                   // zero: not set yet
    std::string unread_;                      // what came behind the request being answered
    std::size_t unread_begin_ = 0;
    Request request_;
    std::function<void()> on_leave_;
    unsigned answers_ = 0;
    std::list<Connection*>::iterator idle_place_{};  // while listed_
    Phase phase_ = Phase::waiting;
    bool listed_ = false;
    bool suspended_ = false;  // in wait()
    bool idle_ = false;       // in wait(), with nothing of a request there
    bool refused_ = false;
    bool leaving_ = false;
    bool aborted_ = false;
    bool peer_closed_ = false;  // no use to wait for it
};

}  // namespace onlooker::http
