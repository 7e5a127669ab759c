// One client's connection: one coroutine from accept to close.
//
//     handshake --> receive --> router --> respond --> receive --> ...     keep-alive, in order
//                                             |
//                                             +--> stream takes over --> linger --> end
//
// Requests are answered one after the other. While an answer is written nothing is read, so a
// client that pipelines without reading is held back by TCP; at most one read's worth of octets is
// kept. Everything a peer does not do in time ends by a total deadline, not by a pause between
// octets.
//
// Its parts: RequestReader takes requests out of the transport, write_response puts answers in,
// StreamSession runs the body of a stream, Channel waits. What is here is their order, and the end.
//
// Memory: an idle connection holds this object and its coroutine; octets are read into a buffer all
// connections share. The parser goes before a stream begins.
//
// Errors: what a peer causes ends the connection with a limited line in the log, or one of debug
// level. Exceptions (no memory) end this connection alone and are logged.
//
// Owner: its coroutine, see run(). Thread: the loop.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "base/awaitable.hpp"
#include "base/limited_log.hpp"
#include "base/one_thread.hpp"
#include "base/task_group.hpp"
#include "http/message/conversation.hpp"
#include "http/message/request.hpp"
#include "http/message/response.hpp"
#include "http/request_reader.hpp"
#include "http/router.hpp"
#include "http/stream_session.hpp"
#include "http/wire/address_limit.hpp"
#include "http/wire/channel.hpp"
#include "http/wire/departure_watch.hpp"
#include "http/wire/peer_name.hpp"
#include "http/wire/transport.hpp"

namespace onlooker::http {

struct ConnectionSettings {
    ReadLimits read;
    // From accept to the end of the TLS handshake.
    std::chrono::milliseconds handshake{5'000};
    // A peer that takes not one octet of its answer for so long is given up.
    std::chrono::milliseconds write_stall{30'000};
    // How long we wait, after our last octet, for the peer to close.
    std::chrono::milliseconds linger{2'000};

    bool operator==(const ConnectionSettings&) const = default;
};

class Connection;

// What all connections of a server share. Outlives them.
struct ConnectionShared {
    const Router& router;
    ConnectionSettings settings;
    std::span<std::byte> read_buffer;  // used between two suspensions only
    std::list<Connection*> idle{};     // those that wait for a request, longest first
    // Those that wait in the TLS handshake, longest first.
    std::list<Connection*> handshakes{};
    // The port with TLS, where all others only point to it.
    std::optional<std::uint16_t> redirect_to{};
    LimitedLog bad_requests{};
    LimitedLog failures{};
    LimitedLog stalls{};
};

class Connection final : public TaskGroup::Member, private Conversation {
  public:
    Connection(ConnectionShared& shared, std::unique_ptr<Transport> transport,
               const asio::ip::tcp::endpoint& remote, AddressLimit::Seat seat = {});
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    // Serves until the connection is over.
    static Awaitable<> run(std::unique_ptr<Connection> self);

    // Answers with this one response, whatever is asked, and ends. Over TLS, where an answer takes
    // a handshake first, it ends without one.
    static Awaitable<> refuse(std::unique_ptr<Connection> self, Response response);

    void leave() override;
    void abort() override;

    // Takes it off the list of idle connections, or of handshakes.
    void end_idleness() noexcept;

  private:
    using Outcome = IoResult::Outcome;

    Transport& transport() noexcept { return channel_.transport(); }

    // Conversation
    void on_leave(std::function<void()> wake) override;
    void wake_answer();

    // These end with false when the connection is over after them.
    Awaitable<bool> shake_hands();
    Awaitable<bool> receive();
    Awaitable<bool> wait_for_request(Outcome outcome);
    Awaitable<bool> wait_idle(std::list<Connection*>& list, Outcome outcome, SteadyTime due);
    Awaitable<bool> respond();
    Awaitable<Response> answer();

    Awaitable<> send_last(Response response, bool is_head_request);
    Awaitable<> refuse_request();
    Awaitable<> stream(Response response, HeadOptions options);
    Awaitable<> linger();

    void tell_stall();
    void tell_vanished();
    void log_answer(int status) const;
    void log_failure(const std::exception& error) noexcept;
    std::string remote_name() const { return peer_name(remote_); }

    ConnectionShared& shared_;
    Channel channel_;
    RequestReader reader_;
    asio::ip::tcp::endpoint remote_;
    AddressLimit::Seat seat_;
    Request request_;
    std::function<void()> wake_answer_;              // while an answer waits
    std::optional<DepartureWatch> departure_;        // the same
    StreamSession* stream_ = nullptr;                // while it runs
    std::list<Connection*>* list_ = nullptr;         // of those that wait for the same
    std::list<Connection*>::iterator idle_place_{};  // in it
    unsigned answers_ = 0;
    bool may_leave_ = false;  // in a wait that leave() ends
    bool leaving_ = false;
    [[no_unique_address]] OneThread loop_;
};

}  // namespace onlooker::http
