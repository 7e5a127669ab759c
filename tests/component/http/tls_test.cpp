// What goes over a TLS connection, and how it ends.
#include <doctest/doctest.h>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "component/http/tls_served.hpp"

using namespace std::chrono_literals;
using namespace onlooker::http;
using namespace onlooker::http::test;

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
            CHECK(answer.find("\r\n\r\nsecure abcde\nHTTP/1.1 200 OK\r\n") != std::string::npos);
            CHECK(answer.ends_with("\r\n\r\nsecure " + long_text(1'000'000) + "\n"));
            CHECK(client.ended_well());
        }
    }

    TEST_CASE("a session is resumed, over TLS 1.2 and 1.3, even when it was cut off") {
        TlsServed server;
        using Session = std::unique_ptr<SSL_SESSION, decltype(&::SSL_SESSION_free)>;
        for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
            TlsClient first(server.port(), version);
            first.send("GET /text HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
            first.receive_all();  // a ticket of TLS 1.3 comes with the answer
            const Session session(::SSL_get1_session(first.native()), &::SSL_SESSION_free);
            first.reset();
            TlsClient second(server.port(), version, 0, session.get());
            REQUIRE(second.connected());
            CHECK(::SSL_session_reused(second.native()) == 1);
            second.send("GET /text HTTP/1.0\r\n\r\n");
            CHECK(status_of(second.receive_all()) == 200);
            // Of each version only what keeps earlier recordings closed.
            const std::string_view cipher(::SSL_get_cipher_name(second.native()));
            CHECK((cipher.starts_with("TLS_") || cipher.starts_with("ECDHE-")));
        }
    }

    TEST_CASE("a stream arrives octet for octet at a client that is slow") {
        TlsServed server;
        TlsClient client(server.port(), 0, 8 * 1024);
        REQUIRE(client.connected());
        client.send("GET /stream HTTP/1.1\r\nHost: x\r\n\r\n");
        std::string answer = client.receive_all(100us);
        answer.erase(0, answer.find("--frame"));
        std::string expected = "--frame\r\n";
        for (int i = 0; i < TlsServed::parts; ++i)
            expected += "head\r\n" + long_text(TlsServed::part_octets) + "\r\n--frame\r\n";
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

    TEST_CASE("the server ends while handshakes hang, and while a client takes nothing") {
        TlsServed server;
        Client silent(server.port());
        TlsClient idle(server.port());
        CHECK(idle.connected());
        CHECK(server.served().stop(1s));
        CHECK(silent.closed_by_peer(1s));
    }
}
