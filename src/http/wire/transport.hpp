// The way octets travel: plain TCP here, TLS in tls_transport.hpp.
//
// Small on purpose: two non-blocking calls and two waits. The hot path of a viewer is one virtual
// call that is one send(2), with nothing of Asio in it; only a peer that cannot keep up costs a
// wait in the reactor.
//
// Owner: its connection. Thread: the loop.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <system_error>

#include "base/awaitable.hpp"
#include "http/wire/io_result.hpp"
#include "http/wire/pieces.hpp"

namespace onlooker::http {

// What errno says after a call that did not block and transferred nothing.
IoResult io_failure(IoResult::Outcome when_not_ready) noexcept;

// Whether the kernel gave the peer up because nothing comes from it any more. Where the peer's
// neighbour says so the error is that one's word (tcp_write_err in Linux).
bool says_vanished(const std::error_code& error) noexcept;

// What the kernel knows of the path to the peer (TCP_INFO, SIOCOUTQ).
struct PathState {
    bool connected = true;                // false once the peer has reset it
    std::uint64_t delivery_rate = 0;      // octets per second, as last measured
    std::chrono::microseconds min_rtt{};  // zero: not measured yet
    std::uint64_t acknowledged = 0;       // octets since the connection began
    std::size_t unacknowledged = 0;       // octets given to the kernel and not acknowledged
    std::chrono::microseconds rtt{};      // as it is lately
    // Since the connection began: something was under way; of that, the peer's window was full.
    std::chrono::microseconds busy{};
    std::chrono::microseconds window_full{};
};

class Transport {
  public:
    virtual ~Transport() = default;

    // Neither blocks. try_write() takes the pieces as one contiguous run and may take part of them.
    virtual IoResult try_read(std::span<std::byte> into) = 0;
    virtual IoResult try_write(std::span<const ConstBytes> pieces) = 0;

    // A step of what comes before the first request: the TLS handshake; nothing for plain TCP. To
    // be called again, after the wait it asks for, until it is done or has failed.
    virtual IoResult try_handshake() = 0;

    // The handshake failed because the peer speaks HTTP without TLS.
    virtual bool peer_speaks_plain() const noexcept { return false; }

    // Tells the peer in good order that we are done (FIN, close_notify), without waiting for it.
    virtual void shutdown() = 0;

    virtual bool secure() const noexcept = 0;

    // Octets as they come off the wire; for what is thrown away after shutdown().
    IoResult receive(std::span<std::byte> into);

    // For waits on readiness, options and closing. Reading and writing go through the calls above.
    TcpSocket& socket() noexcept { return socket_; }

    PathState path() const noexcept;
    // The part of it that is cheaper to get.
    std::size_t unacknowledged() const noexcept;

  protected:
    explicit Transport(TcpSocket socket);

  private:
    TcpSocket socket_;
};

}  // namespace onlooker::http
