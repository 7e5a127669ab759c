// The connection as the body of a stream sees it, from the response head to the last octet.
//
// Owner: the connection's coroutine; body, channel and buffer outlive it. Thread: the loop.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <system_error>
#include <utility>

#include "base/awaitable.hpp"
#include "http/message/stream_body.hpp"
#include "http/wire/channel.hpp"
#include "http/wire/peer_watch.hpp"

namespace onlooker::http {

class StreamSession final : public StreamConnection, private PeerWatch::Listener {
  public:
    struct Parts {
        Channel& channel;
        StreamBody& body;
        std::span<std::byte> buffer;  // used between two suspensions only
        std::string input;            // has come behind the request already
        bool chunked = false;         // the framing of the response
    };

    // `leaving` is the connection's: it is true before leave() is called.
    StreamSession(Parts parts, const bool& leaving) noexcept
        : parts_(std::move(parts)), leaving_(leaving) {}
    StreamSession(const StreamSession&) = delete;
    StreamSession& operator=(const StreamSession&) = delete;

    // Sends the head, runs the body to its end, and ends the framing if all went in order.
    Awaitable<> run(std::string head);

    // Ends what the body waits for, but not a write: that finishes its part.
    void leave();

    // The peer answered nothing any more, not even that it is there.
    bool peer_vanished() const noexcept { return says_vanished(gone_by_); }

  private:
    // StreamConnection
    Awaitable<bool> write(std::span<const ConstBytes> pieces) override;
    Awaitable<bool> wait_until(SteadyTime due) override;
    Awaitable<IoResult> read(std::span<std::byte> into, SteadyTime due) override;
    bool leaving() const noexcept override { return leaving_ || peer_gone_; }
    void on_leave(std::function<void()> wake) override { on_leave_ = std::move(wake); }
    Transport& transport() noexcept override { return parts_.channel.transport(); }

    // PeerWatch::Listener
    void peer_finished() override { parts_.body.peer_finished(); }
    void peer_gone(const std::error_code& why) override;

    std::size_t take_input(std::span<std::byte> into);
    Awaitable<> take_turns();

    Parts parts_;
    const bool& leaving_;
    std::function<void()> on_leave_;
    std::optional<Timer> pause_;  // made for the first wait_until()
    unsigned turns_ = 0;
    bool may_leave_ = false;  // in a wait for input
    bool peer_gone_ = false;
    std::error_code gone_by_;
    bool broken_ = false;  // a write of the body failed
};

}  // namespace onlooker::http
