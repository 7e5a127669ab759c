// Notices that the peer of a stream goes, while nobody waits for anything from it.
//
// A peer that closes the connection sends a FIN. But a FIN only says "I have sent everything": a
// tool that closes its sending half after the request sends one too, and wants its answer in full.
// Only sending something to the peer tells which it was. So there are two events: finished, after
// which the stream should send something soon, and gone, when the kernel has given up the
// connection, mostly because what was sent was answered with a reset.
//
// What a client sends after its request for a stream is thrown away, up to a limit; after that
// nothing is read any more, TCP holds the rest back, and only a reset is noticed.
//
// Costs one wait in the reactor for the whole stream, and nothing per frame: Asio registers a
// descriptor once, edge-triggered, and what the peer acknowledges is no event.
//
// Owner: the connection, while its stream runs. Thread: the loop. Errors: without memory the
// constructor throws, and later it notices nothing more.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <system_error>

#include "base/awaitable.hpp"
#include "http/wire/transport.hpp"

namespace onlooker::http {

class PeerWatch {
  public:
    // Called on the loop, from no coroutine; each at most once, and never after the watch is gone.
    class Listener {
      public:
        virtual void peer_finished() = 0;
        // Why, if it is known.
        virtual void peer_gone(const std::error_code& why) = 0;

      protected:
        ~Listener() = default;
    };

    // `buffer` is used between two suspensions only.
    PeerWatch(Transport& transport, std::span<std::byte> buffer, Listener& listener);
    PeerWatch(const PeerWatch&) = delete;
    PeerWatch& operator=(const PeerWatch&) = delete;
    ~PeerWatch();

  private:
    struct State;
    static void wait(std::shared_ptr<State> state, TcpSocket::wait_type event);
    static void read(const std::shared_ptr<State>& state);

    std::shared_ptr<State> state_;
};

}  // namespace onlooker::http
