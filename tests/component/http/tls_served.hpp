// A server over TLS, and a client of it that sees how the connection ended.
#pragma once

#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/ssl/context.hpp>
#include <asio/ssl/stream.hpp>
#include <openssl/ssl.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "component/http/served.hpp"
#include "component/http/tls_files.hpp"

namespace onlooker::http::test {

// A text of which an octet that is lost, doubled or changed is noticed.
std::string long_text(std::size_t size);

// GET /text?size=N answers with "secure ", where it is, and N octets of long_text(); /stream sends
// `parts` parts, each a head, long_text(part_octets) and a boundary.
class TlsServed {
  public:
    static constexpr std::size_t part_octets = 300'000;
    static constexpr int parts = 20;

    explicit TlsServed(ServerSettings settings = {});

    std::uint16_t port() const { return served_.port(); }
    Served& served() { return served_; }
    const TlsFiles& files() const { return files_; }

  private:
    ServerSettings with_files(ServerSettings settings) const;

    TlsFiles files_;
    Served served_;
};

// Like curl -k.
class TlsClient {
  public:
    // `session`: of an earlier connection, to be resumed.
    explicit TlsClient(std::uint16_t port, int version = 0, int receive_buffer = 0,
                       SSL_SESSION* session = nullptr);

    bool connected() const { return connected_; }
    const char* version() { return ::SSL_get_version(stream_.native_handle()); }
    SSL* native() { return stream_.native_handle(); }
    // SHA-256 of the certificate that the server showed.
    std::string fingerprint();
    void send(std::string_view text);
    void reset();

    std::string receive_all(std::chrono::microseconds pause = {});
    // close_notify came, so that nothing can have been cut off.
    bool ended_well() const { return ended_well_; }

  private:
    asio::io_context loop_;
    asio::ssl::context context_{asio::ssl::context::tls_client};
    asio::ssl::stream<asio::ip::tcp::socket> stream_{loop_, context_};
    bool connected_ = false;
    bool ended_well_ = false;
};

}  // namespace onlooker::http::test
