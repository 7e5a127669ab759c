// A connection's transport with patience around it: every wait ends by a deadline, a cancellation
// or an abort, and answers with yes or no.
//
// Owner: its connection, whose coroutine is the only one that waits here. Thread: the loop. Errors:
// what the peer causes is a value; only lack of memory is thrown.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>

#include "base/awaitable.hpp"
#include "base/lazy_timer.hpp"
#include "http/wire/pieces.hpp"
#include "http/wire/transport.hpp"

namespace onlooker::http {

class Channel {
  public:
    // `write_stall`: a peer that takes not one octet for so long is given up; it may be as much
    // again until that is noticed.
    Channel(std::unique_ptr<Transport> transport, std::chrono::milliseconds write_stall);

    Transport& transport() noexcept { return *transport_; }
    const Transport& transport() const noexcept { return *transport_; }

    // Goes on without TLS on the same socket.
    void become_plain();

    // Until the socket is ready for what `outcome` (wait_read or wait_write) names. False when the
    // time is up or when the wait was cancelled.
    Awaitable<bool> wait(IoResult::Outcome outcome, SteadyTime due);
    // Ends the wait that is under way, if there is one.
    void cancel() noexcept;

    // All of the pieces, in order; they live until it ends. False when the peer is gone or takes
    // nothing.
    Awaitable<bool> write(std::span<const ConstBytes> pieces);
    // A peer that took nothing for too long was given up.
    bool stalled() const noexcept { return stalled_; }

    // Lets other coroutines on the loop have their turn.
    Awaitable<> yield();

    // Says that we are done and reads until the peer is too, for `patience` at most: an answer that
    // is followed at once by close() may never arrive, since octets that came and were not read
    // make the kernel reset the connection.
    Awaitable<> linger(std::span<std::byte> buffer, std::chrono::milliseconds patience);

    // Now: nothing of this connection succeeds any more.
    void abort() noexcept;
    bool aborted() const noexcept { return aborted_; }

    // There is no point in waiting for the peer to close.
    void give_up() noexcept { peer_closed_ = true; }

    // Gives back what only waits need.
    void release_deadline();

  private:
    IoResult::Outcome push(Remaining& rest);
    void set_deadline(SteadyTime due);
    void deadline_reached();

    std::unique_ptr<Transport> transport_;
    std::chrono::milliseconds write_stall_;
    std::optional<LazyTimer> deadline_;  // made for the first wait
    SteadyTime due_{};                   // of the wait that is under way
    bool suspended_ = false;             // in wait()
    bool aborted_ = false;
    bool peer_closed_ = false;
    bool stalled_ = false;
};

}  // namespace onlooker::http
