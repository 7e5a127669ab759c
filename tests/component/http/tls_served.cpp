#include "component/http/tls_served.hpp"

#include <signal.h>

#include <asio/buffer.hpp>
#include <asio/ip/address_v4.hpp>
#include <asio/write.hpp>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>
#include <memory>
#include <span>
#include <thread>
#include <vector>

namespace onlooker::http::test {

namespace {

using asio::ip::tcp;

// Of a long text, at `place`.
char octet_at(std::size_t place) {
    return static_cast<char>('a' + place % 23 + place / 4096 % 3);
}

Awaitable<Response> answer_text(const Request& request, const RouteParameters&) {
    const std::string size(request.query.get("size").value_or("5"));
    co_return Response::text(200, (request.secure ? "secure " : "") + long_text(std::stoul(size)));
}

// A part header, a long middle and a short end, as a frame is sent.
class Parts final : public StreamBody {
  public:
    std::string preamble() override { return "--frame\r\n"; }

    Awaitable<> run(StreamConnection& connection) override {
        const std::string middle = long_text(TlsServed::part_octets);
        for (int i = 0; i < TlsServed::parts; ++i) {
            std::array pieces{bytes_of("head\r\n"), ConstBytes{}, bytes_of(middle),
                              bytes_of("\r\n--frame\r\n")};
            co_await write_all(connection.transport(), pieces);
        }
    }

  private:
    static Awaitable<> write_all(Transport& transport, std::span<ConstBytes> pieces) {
        while (std::ranges::any_of(pieces, [](ConstBytes piece) { return !piece.empty(); })) {
            const IoResult result = transport.try_write(pieces);
            if (result.outcome == IoResult::Outcome::failed)
                co_return;
            if (result.outcome == IoResult::Outcome::wait_write)
                co_await transport.socket().async_wait(TcpSocket::wait_write, as_result);
            std::size_t octets = result.octets;
            for (ConstBytes& piece : pieces) {
                const std::size_t part = std::min(octets, piece.size());
                piece = piece.subspan(part);
                octets -= part;
            }
        }
    }
};

Awaitable<Response> stream(const Request&, const RouteParameters&) {
    Response response;
    response.framing = Framing::until_close;
    response.body = std::make_unique<Parts>();
    co_return response;
}

Router make_router() {
    Router router;
    router.add({Method::get}, "/text", Scope::view, answer_text);
    router.add({Method::get}, "/stream", Scope::view, stream);
    return router;
}

}  // namespace

std::string long_text(std::size_t size) {
    std::string text(size, '\0');
    for (std::size_t i = 0; i < size; ++i)
        text[i] = octet_at(i);
    return text;
}

TlsServed::TlsServed(ServerSettings settings) : served_(make_router(), with_files(settings)) {
    // As the program does.
    ::signal(SIGPIPE, SIG_IGN);
}

ServerSettings TlsServed::with_files(ServerSettings settings) const {
    settings.tls_certificate = files_.certificate();
    settings.tls_key = files_.key();
    return settings;
}

TlsClient::TlsClient(std::uint16_t port, int version, int receive_buffer, SSL_SESSION* session) {
    context_.set_verify_mode(asio::ssl::verify_none);
    if (version != 0)
        ::SSL_set_max_proto_version(stream_.native_handle(), version);
    if (session)
        ::SSL_set_session(stream_.native_handle(), session);
    auto& socket = stream_.lowest_layer();
    socket.open(tcp::v4());
    if (receive_buffer > 0)
        socket.set_option(asio::socket_base::receive_buffer_size(receive_buffer));
    socket.connect(tcp::endpoint(asio::ip::address_v4::loopback(), port));
    asio::error_code error;
    stream_.handshake(asio::ssl::stream_base::client, error);
    connected_ = !error;
}

void TlsClient::send(std::string_view text) {
    asio::write(stream_, asio::buffer(text));
}

std::string TlsClient::fingerprint() {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    const std::unique_ptr<X509, decltype(&::X509_free)> certificate(
        ::SSL_get1_peer_certificate(native()), &::X509_free);
    if (certificate)
        ::X509_digest(certificate.get(), ::EVP_sha256(), digest.data(), &size);
    return {digest.begin(), digest.begin() + size};
}

void TlsClient::reset() {
    stream_.lowest_layer().set_option(asio::socket_base::linger(true, 0));
    stream_.lowest_layer().close();
}

std::string TlsClient::receive_all(std::chrono::microseconds pause) {
    std::string text;
    std::vector<char> buffer(32 * 1024);
    asio::error_code error;
    while (!error) {
        text.append(buffer.data(), stream_.read_some(asio::buffer(buffer), error));
        if (pause.count() > 0)
            std::this_thread::sleep_for(pause);
    }
    ended_well_ = error == asio::error::eof;
    return text;
}

}  // namespace onlooker::http::test
