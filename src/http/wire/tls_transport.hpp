// TLS over TCP, by OpenSSL.
//
// Pieces are sent in records of up to 16 KiB: small ones are gathered, so that a response head or a
// part header does not cost a record of its own; long ones are encrypted from where they lie. The
// kernel is told of each record but the last of a call that more will follow, so that a picture
// wakes its viewer once and not once per record. After
// wait_write the next try_write() must begin with the same octets: OpenSSL holds them encrypted,
// and they count as written only then. Every caller that finishes what it has begun does that.
//
// Owner: its connection. Thread: the loop.
#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "http/wire/transport.hpp"

struct ssl_st;

namespace onlooker::http {

class TlsTransport final : public Transport {
  public:
    struct Free {
        void operator()(ssl_st* ssl) const noexcept;
    };
    using Ssl = std::unique_ptr<ssl_st, Free>;

    static constexpr std::size_t record_octets = 16 * 1024;

    // `ssl` is new. `scratch` has record_octets and is used within a call only.
    TlsTransport(TcpSocket socket, Ssl ssl, std::span<std::byte> scratch);
    ~TlsTransport() override;

    IoResult try_read(std::span<std::byte> into) override;
    IoResult try_write(std::span<const ConstBytes> pieces) override;
    IoResult try_handshake() override;
    bool peer_speaks_plain() const noexcept override { return peer_speaks_plain_; }
    void shutdown() override;
    bool secure() const noexcept override { return true; }

  private:
    IoResult write_once(ConstBytes octets);
    int send(const char* octets, int count) noexcept;
    int receive(char* into, int room) noexcept;
    friend struct SocketBio;  // by which OpenSSL calls these two
    IoResult failure(int returned);

    Ssl ssl_;
    std::span<std::byte> scratch_;
    bool established_ = false;
    bool more_follows_ = false;  // behind the record that is being written
    bool broken_ = false;        // OpenSSL allows nothing more after certain errors
    bool peer_speaks_plain_ = false;
};

}  // namespace onlooker::http
