#include <signal.h>

#include <asio/buffer.hpp>
#include <asio/connect.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/read.hpp>
#include <asio/ssl/context.hpp>
#include <asio/ssl/stream.hpp>
#include <asio/write.hpp>
#include <doctest/doctest.h>
#include <openssl/ssl.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "component/http/served.hpp"
#include "component/http/tls_files.hpp"
#include "http/tls_context.hpp"
#include "support/logged.hpp"

using namespace std::chrono_literals;
using namespace onlooker::http;
using asio::ip::tcp;
using onlooker::Awaitable;
using onlooker::http::test::Client;
using onlooker::http::test::Served;
using onlooker::http::test::status_of;
using onlooker::http::test::TlsFiles;
using onlooker::test::Logged;

namespace {

constexpr std::size_t part_octets = 300'000;
constexpr int parts = 20;

// The n-th octet of a body, so that one lost, doubled or changed is noticed.
char octet_at(std::size_t place) {
    return static_cast<char>('a' + place % 23 + place / 4096 % 3);
}

std::string long_text(std::size_t size) {
    std::string text(size, '\0');
    for (std::size_t i = 0; i < size; ++i)
        text[i] = octet_at(i);
    return text;
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
        const std::string middle = long_text(part_octets);
        for (int i = 0; i < parts; ++i) {
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
                co_await transport.socket().async_wait(onlooker::TcpSocket::wait_write,
                                                       onlooker::as_result);
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
    response.body = std::make_unique<Parts>();
    co_return response;
}

Router make_router() {
    Router router;
    router.add({Method::get}, "/text", Scope::view, answer_text);
    router.add({Method::get}, "/stream", Scope::view, stream);
    return router;
}

class TlsServed {
  public:
    explicit TlsServed(ServerOptions options = {}) : served_(router_, with_files(options)) {
        // As the program does.
        ::signal(SIGPIPE, SIG_IGN);
    }
    std::uint16_t port() const { return served_.port(); }
    Served& served() { return served_; }

  private:
    ServerOptions with_files(ServerOptions options) {
        options.tls_certificate = files_.certificate();
        options.tls_key = files_.key();
        return options;
    }
    TlsFiles files_;
    Router router_ = make_router();
    Served served_;
};

// Like curl -k.
class TlsClient {
  public:
    explicit TlsClient(std::uint16_t port, int version = 0, int receive_buffer = 0) {
        context_.set_verify_mode(asio::ssl::verify_none);
        if (version != 0)
            ::SSL_set_max_proto_version(stream_.native_handle(), version);
        auto& socket = stream_.lowest_layer();
        socket.open(tcp::v4());
        if (receive_buffer > 0)
            socket.set_option(asio::socket_base::receive_buffer_size(receive_buffer));
        socket.connect(tcp::endpoint(asio::ip::address_v4::loopback(), port));
        asio::error_code error;
        stream_.handshake(asio::ssl::stream_base::client, error);
        connected_ = !error;
    }

    bool connected() const { return connected_; }
    const char* version() { return ::SSL_get_version(stream_.native_handle()); }
    SSL* native() { return stream_.native_handle(); }
    void send(std::string_view text) { asio::write(stream_, asio::buffer(text)); }
    void reset() {
        stream_.lowest_layer().set_option(asio::socket_base::linger(true, 0));
        stream_.lowest_layer().close();
    }

    std::string receive_all(std::chrono::microseconds pause = 0us) {
        std::string text;
        std::vector<char> buffer(32 * 1024);
        asio::error_code error;
        while (!error) {
            text.append(buffer.data(), stream_.read_some(asio::buffer(buffer), error));
            if (pause > 0us)
                std::this_thread::sleep_for(pause);
        }
        ended_well_ = error == asio::error::eof;
        return text;
    }
    // close_notify came, so that nothing can have been cut off.
    bool ended_well() const { return ended_well_; }

  private:
    asio::io_context loop_;
    asio::ssl::context context_{asio::ssl::context::tls_client};
    asio::ssl::stream<tcp::socket> stream_{loop_, context_};
    bool connected_ = false;
    bool ended_well_ = false;
};

std::string message_of(const std::string& certificate, const std::string& key) {
    try {
        TlsContext::load(certificate, key);
    } catch (const std::runtime_error& error) {
        return error.what();
    }
    return {};
}

bool contains(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

}  // namespace

TEST_SUITE("TLS") {
    TEST_CASE("a client gets answers, over TLS 1.2 and 1.3, ended by close_notify") {
        TlsServed server;
        for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
            TlsClient client(server.port(), version);
            REQUIRE(client.connected());
            CHECK(std::string_view(client.version()) ==
                  (version == TLS1_2_VERSION ? "TLSv1.2" : "TLSv1.3"));
            client.send(
                "GET /text HTTP/1.1\r\nHost: x\r\n\r\n"
                "GET /text?size=1000000 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
            const std::string answer = client.receive_all();
            CHECK(contains(answer, "\r\n\r\nsecure abcde\nHTTP/1.1 200 OK\r\n"));
            CHECK(answer.ends_with("\r\n\r\nsecure " + long_text(1'000'000) + "\n"));
            CHECK(client.ended_well());
        }
    }

    TEST_CASE("TLS 1.1 is refused") {
        TlsServed server;
        TlsClient client(server.port(), TLS1_1_VERSION);
        CHECK(!client.connected());
    }

    TEST_CASE("a stream arrives octet for octet at a client that is slow") {
        TlsServed server;
        TlsClient client(server.port(), 0, 8 * 1024);
        REQUIRE(client.connected());
        client.send("GET /stream HTTP/1.1\r\nHost: x\r\n\r\n");
        std::string answer = client.receive_all(100us);
        answer.erase(0, answer.find("--frame"));
        std::string expected = "--frame\r\n";
        for (int i = 0; i < parts; ++i)
            expected += "head\r\n" + long_text(part_octets) + "\r\n--frame\r\n";
        CHECK(answer.size() == expected.size());
        CHECK((answer == expected));
        CHECK(client.ended_well());
    }

    TEST_CASE("a client that resets in the middle of a stream costs nobody else anything") {
        TlsServed server;
        for (int i = 0; i < 20; ++i) {
            TlsClient client(server.port());
            client.send("GET /stream HTTP/1.1\r\nHost: x\r\n\r\n");
            client.reset();
        }
        TlsClient client(server.port());
        client.send("GET /text HTTP/1.0\r\n\r\n");
        CHECK(status_of(client.receive_all()) == 200);
        CHECK(server.served().stop(2s));
    }

    TEST_CASE("a handshake that never finishes is dropped in time") {
        ServerOptions options;
        options.connection.handshake = 200ms;
        TlsServed server(options);
        Client silent(server.port());
        Client half(server.port());
        // The first octets of a record that never comes.
        half.send(std::string_view("\x16\x03\x01\x02\x00\x01\x00", 7));
        CHECK(silent.closed_by_peer(2s));
        CHECK(half.closed_by_peer(2s));
    }

    TEST_CASE("five hundred handshakes that stall harm nobody and are gone in time") {
        ServerOptions options;
        options.connection.handshake = 1s;
        TlsServed server(options);
        TlsClient viewer(server.port());
        REQUIRE(viewer.connected());
        std::vector<std::unique_ptr<Client>> stalled;
        for (int i = 0; i < 500; ++i) {
            stalled.push_back(std::make_unique<Client>(server.port()));
            stalled.back()->send(std::string_view("\x16\x03\x01\x02\x00\x01\x00", 7));
        }
        // While they hang, those who are there and those who come are served as ever.
        auto longest = 0ns;
        for (int i = 0; i < 20; ++i) {
            const auto begin = std::chrono::steady_clock::now();
            TlsClient newcomer(server.port());
            REQUIRE(newcomer.connected());
            newcomer.send("GET /text HTTP/1.0\r\n\r\n");
            CHECK(status_of(newcomer.receive_all()) == 200);
            longest = std::max<std::chrono::nanoseconds>(longest,
                                                         std::chrono::steady_clock::now() - begin);
        }
        CHECK(longest < 500ms);
        for (const auto& client : stalled)
            CHECK(client->closed_by_peer(3s));
        std::size_t left = 0;
        for (int i = 0; i < 200 && left != 1; ++i) {
            std::this_thread::sleep_for(5ms);
            server.served().on_loop([&] { left = server.served().server().connections(); });
        }
        CHECK(left == 1);
        viewer.send("GET /text HTTP/1.0\r\n\r\n");
        CHECK(status_of(viewer.receive_all()) == 200);
    }

    TEST_CASE("FIN during the handshake ends the connection") {
        TlsServed server;
        Client client(server.port());
        client.send(std::string_view("\x16\x03\x01\x02\x00\x01\x00", 7));
        client.finish_sending();
        client.receive_all(2s);
        CHECK(client.closed_by_peer(1s));
    }

    TEST_CASE("what is neither TLS nor HTTP is closed") {
        TlsServed server;
        Client client(server.port());
        client.send("SSH-2.0-OpenSSH_9.2\r\n");
        client.finish_sending();
        client.receive_all(2s);
        CHECK(client.closed_by_peer(1s));
    }

    TEST_CASE("HTTP without TLS is told where it should be") {
        TlsServed server;
        Client client(server.port());
        client.send("GET /text HTTP/1.1\r\nHost: x\r\n\r\n");
        const std::string answer = client.receive_all();
        CHECK(status_of(answer) == 400);
        CHECK(contains(answer, "https://"));
    }

    TEST_CASE("the server ends while handshakes hang, and while a client takes nothing") {
        TlsServed server;
        Client silent(server.port());
        TlsClient idle(server.port());
        CHECK(idle.connected());
        CHECK(server.served().stop(1s));
        CHECK(silent.closed_by_peer(1s));
    }

    TEST_CASE("renegotiation is refused") {
        TlsServed server;
        TlsClient client(server.port(), TLS1_2_VERSION);
        REQUIRE(client.connected());
        ::SSL_renegotiate(client.native());
        CHECK(::SSL_do_handshake(client.native()) != 1);
    }
}

TEST_SUITE("TLS files") {
    TEST_CASE("a pair that fits is taken") {
        const TlsFiles files;
        const Logged log;
        CHECK(message_of(files.certificate(), files.key()).empty());
        CHECK(log.lines().empty());
    }

    TEST_CASE("what is wrong is said with the name of the file") {
        const TlsFiles files;
        const std::string missing = message_of("/nowhere/c.pem", files.key());
        CHECK(contains(missing, "certificate /nowhere/c.pem: No such file"));
        CHECK(contains(message_of(files.certificate(), "/nowhere/k.pem"), "/nowhere/k.pem"));
        CHECK(contains(message_of(files.key(), files.key()), "certificate " + files.key()));
        CHECK(contains(message_of(files.certificate(), files.other_key()), "does not belong"));
        CHECK(
            contains(message_of(files.certificate(), files.certificate()), "without a passphrase"));
        CHECK(contains(message_of(files.certificate(), files.with_passphrase()), "passphrase"));
    }

    TEST_CASE("a key that every user can read is warned of") {
        const TlsFiles files;
        ::chmod(files.key().c_str(), 0644);
        const Logged log;
        CHECK(message_of(files.certificate(), files.key()).empty());
        CHECK(log.count("every user of this machine can read the TLS key") == 1);
    }
}
