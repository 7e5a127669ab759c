// A viewer's side of TLS, which believes any certificate. tls_client_fallback.cpp stands in for it
// in a build without TLS: its constructor throws.
#pragma once

#include <cstddef>
#include <memory>
#include <span>

struct ssl_st;

namespace onlooker::bench {

class TlsClient {
  public:
    // Shakes hands on a socket that is connected, and waits for it. Throws std::runtime_error.
    explicit TlsClient(int socket);

    // As send(2) and recv(2): what was transferred; 0 at the end; -1 when there is nothing at
    // present; -2 when the connection is broken.
    long read(std::span<std::byte> into);
    long write(std::span<const std::byte> octets);

  private:
    long outcome(int returned) const;

    std::unique_ptr<ssl_st, void (*)(ssl_st*)> ssl_;
};

}  // namespace onlooker::bench
