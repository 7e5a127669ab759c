// Notices that the peer of a stream goes, while nobody waits for anything from it.
//
// Who closes a connection says so with a FIN. But a FIN says no more than "I have sent all there
// is": a tool that closes its half behind the request sends one too, and wants its answer in full.
// Only what is sent to it finds out which it was. So there are two words: finished, upon which the
// stream should send something soon, and gone, when the kernel has given the connection up, mostly
// since that was answered with a reset.
//
// What a client sends behind its request for a stream is thrown away, up to a limit; then nothing
// is read any more, TCP holds the rest back, and only a reset is noticed.
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

#include "base/awaitable.hpp"
#include "http/wire/transport.hpp"

namespace onlooker::http {

class PeerWatch {
  public:
    // Called on the loop, from no coroutine; each at most once, and never after the watch is gone.
    class Listener {
      public:
        virtual void peer_finished() = 0;
        virtual void peer_gone() = 0;

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
