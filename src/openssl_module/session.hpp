// A TLS session in OpenSSL, of the server's side.
//
// Owner and thread: as http::TlsSession says.
#pragma once

#include <memory>

#include "http/wire/tls_session.hpp"

struct ssl_st;

namespace onlooker::openssl_module {

class Session final : public http::TlsSession {
  public:
    struct Free {
        void operator()(ssl_st* ssl) const noexcept;
    };
    using Ssl = std::unique_ptr<ssl_st, Free>;

    // `ssl` is new. Throws std::bad_alloc.
    Session(Ssl ssl, http::TlsWire& wire);
    ~Session() override;

    http::IoResult handshake() override;
    http::IoResult read(std::span<std::byte> into) override;
    http::IoResult write(http::ConstBytes octets) override;
    bool peer_speaks_plain() const noexcept override { return peer_speaks_plain_; }
    void say_goodbye() override;

  private:
    http::IoResult failure(int returned);

    Ssl ssl_;
    bool established_ = false;
    bool broken_ = false;  // OpenSSL allows nothing more after certain errors
    bool peer_speaks_plain_ = false;
};

}  // namespace onlooker::openssl_module
