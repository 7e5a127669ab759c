// Handshakes that fail, hang, or should not be.
#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "component/http/tls_served.hpp"
#include "support/logged.hpp"

using namespace std::chrono_literals;
using namespace onlooker::http;
using namespace onlooker::http::test;

namespace {

using namespace std::string_view_literals;

// The first octets of a record that never comes whole.
constexpr std::string_view half_a_hello = "\x16\x03\x01\x02\x00\x01\x00"sv;

}  // namespace

TEST_SUITE("TLS handshake") {
    TEST_CASE("TLS 1.1 is refused") {
        TlsServed server;
        TlsClient client(server.port(), TLS1_1_VERSION);
        CHECK(!client.connected());
    }

    TEST_CASE("a handshake that never finishes is dropped in time") {
        ServerSettings settings;
        settings.connection.handshake = 200ms;
        TlsServed server(settings);
        Client silent(server.port());
        Client half(server.port());
        half.send(half_a_hello);
        CHECK(silent.closed_by_peer(2s));
        CHECK(half.closed_by_peer(2s));
    }

    TEST_CASE("only a handshake that was given its time is said to have taken too long") {
        const onlooker::test::Logged log(spdlog::level::debug);
        const auto told = [&log] { return log.count("no TLS handshake in time"); };
        ServerSettings settings;
        settings.max_connections = 1;
        TlsServed shedding(settings);
        Client shed(shedding.port());
        TlsClient newcomer(shedding.port());
        CHECK(shed.closed_by_peer(2s));
        TlsServed ending;
        Client left(ending.port());
        CHECK(ending.served().stop(1s));
        CHECK(told() == 0);
        settings.connection.handshake = 100ms;
        TlsServed impatient(settings);
        Client silent(impatient.port());
        CHECK(silent.closed_by_peer(2s));
        CHECK(told() == 1);
    }

    TEST_CASE("handshakes have a limit of their own, and the one that waits longest makes room") {
        ServerSettings settings;
        settings.max_connections = 8;  // of which a quarter may be shaking hands
        TlsServed server(settings);
        TlsClient viewer(server.port());
        REQUIRE(viewer.connected());
        Client first(server.port());
        Client second(server.port());
        CHECK(eventually([&] { return server.served().connections() == 3; }));
        const TlsClient third(server.port());
        CHECK(third.connected());
        CHECK(first.closed_by_peer(2s));
        CHECK_FALSE(second.closed_by_peer(50ms));
        viewer.send("GET /text HTTP/1.0\r\n\r\n");
        CHECK(status_of(viewer.receive_all()) == 200);
    }

    TEST_CASE("five hundred handshakes that stall harm nobody and are gone in time") {
        ServerSettings settings;
        settings.connection.handshake = 1s;
        TlsServed server(settings);
        TlsClient viewer(server.port());
        REQUIRE(viewer.connected());
        std::vector<std::unique_ptr<Client>> stalled;
        for (int i = 0; i < 500; ++i) {
            stalled.push_back(std::make_unique<Client>(server.port()));
            stalled.back()->send(half_a_hello);
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
        CHECK(eventually([&] { return server.served().connections() == 1; }, 1s));
        viewer.send("GET /text HTTP/1.0\r\n\r\n");
        CHECK(status_of(viewer.receive_all()) == 200);
    }

    TEST_CASE("FIN during the handshake ends the connection") {
        TlsServed server;
        Client client(server.port());
        client.send(half_a_hello);
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
        CHECK(answer.find("https://") != std::string::npos);
    }

    TEST_CASE("renegotiation is refused") {
        TlsServed server;
        TlsClient client(server.port(), TLS1_2_VERSION);
        REQUIRE(client.connected());
        ::SSL_renegotiate(client.native());
        CHECK(::SSL_do_handshake(client.native()) != 1);
    }
}
