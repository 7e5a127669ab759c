// TLS over TCP: the socket's half of it; tls_session.hpp is the other.
//
// Pieces are sent in records of up to 16 KiB: small ones are gathered, so that a response head or a
// part header does not cost a record of its own; long ones are encrypted from where they lie. The
// kernel is told of each record but the last of a call that more will follow, so that a picture
// wakes its viewer once and not once per record. After
// wait_write the next try_write() must begin with the same octets: the session holds them
// encrypted, and they count as written only then. Every caller that finishes what it has begun does
// that.
//
// Owner: its connection. Thread: the loop.
#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "http/wire/tls_session.hpp"
#include "http/wire/transport.hpp"

namespace onlooker::http {

class TlsTransport final : public Transport, private TlsWire {
  public:
    static constexpr std::size_t record_octets = 16 * 1024;

    // `scratch` has record_octets and is used within a call only. Throws std::bad_alloc.
    TlsTransport(TcpSocket socket, TlsCertificate& certificate, std::span<std::byte> scratch);

    IoResult try_read(std::span<std::byte> into) override { return session_->read(into); }
    IoResult try_write(std::span<const ConstBytes> pieces) override;
    IoResult try_handshake() override { return session_->handshake(); }
    bool peer_speaks_plain() const noexcept override { return session_->peer_speaks_plain(); }
    void shutdown() override;
    bool secure() const noexcept override { return true; }

  private:
    ssize_t send_some(ConstBytes octets) noexcept override;
    ssize_t receive_some(std::span<std::byte> into) noexcept override;

    std::unique_ptr<TlsSession> session_;
    std::span<std::byte> scratch_;
    bool more_follows_ = false;  // behind the record that is being written
};

}  // namespace onlooker::http
