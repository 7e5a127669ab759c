// TLS apart from sockets: what the module that has OpenSSL (openssl_module/) makes, and what the
// program's transport (tls_transport.hpp) gives it to send over.
//
// Owner: a TlsCertificate, its TlsContext, which may replace it: sessions keep what they began
// with. A session, its transport. Thread: the loop.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <memory>
#include <span>

#include "http/wire/io_result.hpp"
#include "http/wire/pieces.hpp"

namespace onlooker::http {

// Both as send(2) and recv(2) do without blocking: octets, or -1 and errno.
class TlsWire {
  public:
    virtual ssize_t send_some(ConstBytes octets) noexcept = 0;
    virtual ssize_t receive_some(std::span<std::byte> into) noexcept = 0;

  protected:
    ~TlsWire() = default;
};

// The server's side of a connection.
class TlsSession {
  public:
    virtual ~TlsSession() = default;

    // The three as Transport's. What write() is given goes into one record, if it has up to
    // TlsTransport::record_octets; after wait_write the same octets must be given again.
    virtual IoResult handshake() = 0;
    virtual IoResult read(std::span<std::byte> into) = 0;
    virtual IoResult write(ConstBytes octets) = 0;

    // The handshake failed because the peer speaks HTTP without TLS.
    virtual bool peer_speaks_plain() const noexcept = 0;

    // Says to the peer that nothing more will come (close_notify), if it can be said now.
    virtual void say_goodbye() = 0;
};

// A certificate with its key, and the sessions that can be resumed.
class TlsCertificate {
  public:
    virtual ~TlsCertificate() = default;

    // When the server's own certificate does.
    virtual std::chrono::sys_seconds expires() const = 0;

    // `wire` outlives the session. Throws std::bad_alloc.
    virtual std::unique_ptr<TlsSession> session_over(TlsWire& wire) = 0;
};

}  // namespace onlooker::http
