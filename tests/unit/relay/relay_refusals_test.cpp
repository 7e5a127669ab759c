// Upstreams that do not answer as they should, and addresses that are not asked.
#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <chrono>
#include <string>
#include <utility>

#include "base/unique_fd.hpp"
#include "support/fake_capture_context.hpp"
#include "unit/relay/relayed.hpp"

using namespace std::chrono_literals;
using namespace std::string_literals;
using namespace onlooker::test;
using onlooker::camera::CameraError;
using onlooker::camera::ErrorKind;

TEST_SUITE("what the relay refuses") {
    TEST_CASE("an answer that is an error says so by its kind") {
        for (const auto& [status, kind] : {std::pair{"401 Unauthorized", ErrorKind::no_permission},
                                           {"403 Forbidden", ErrorKind::no_permission},
                                           {"404 Not Found", ErrorKind::not_found},
                                           {"503 Service Unavailable", ErrorKind::busy},
                                           {"508 Loop Detected", ErrorKind::failed},
                                           {"500 Internal Server Error", ErrorKind::failed},
                                           {"204 No Content", ErrorKind::no_signal}}) {
            CAPTURE(status);
            const std::string answer =
                "HTTP/1.1 "s + status + "\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
            const auto upstream = answering(answer);
            const CameraError error = error_of(upstream.url("/s?key=secret"));
            CHECK(error.kind() == kind);
            const std::string words = error.what();
            CHECK(words.find(std::string(status).substr(0, 3)) != words.npos);
            CHECK(words.find("secret") == words.npos);
        }
    }

    TEST_CASE("nobody there is not found") {
        int port = 0;
        {
            const auto upstream = answering("");
            port = upstream.port();
        }
        const CameraError refused = error_of("http://127.0.0.1:" + std::to_string(port) + "/");
        CHECK(refused.kind() == ErrorKind::not_found);
        CHECK(error_of("http://no-such-host.invalid/").kind() == ErrorKind::not_found);
    }

    TEST_CASE("a page, an empty body and nonsense are told apart from pictures") {
        const auto page = answering(
            "HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n<!doctype html>\n<p>Hello</p>\n");
        CHECK(error_of(page.url()).what() ==
              page.url() + " answers with \"text/html\", not with pictures");
        const auto empty = answering("HTTP/1.0 200 OK\r\nContent-Type: image/jpeg\r\n\r\n");
        CHECK(error_of(empty.url()).what() ==
              empty.url() + " answers with \"image/jpeg\" and no whole picture in it");
        const auto nonsense = answering("\x01\x02\x03 this is not HTTP\r\n\r\n");
        CHECK(error_of(nonsense.url()).kind() == ErrorKind::failed);
        const auto nothing = answering("");
        CHECK(error_of(nothing.url()).kind() == ErrorKind::failed);
    }

    TEST_CASE("redirects are followed three times, and only to http and https") {
        const UpstreamDouble round([](Visit& visit) {
            visit.read_request();
            visit.send(
                "HTTP/1.1 302 Found\r\nLocation: /again\r\nConnection: close\r\n"
                "Content-Length: 0\r\n\r\n");
        });
        const std::string words = error_of(round.url()).what();
        CHECK(words.find("redirects more than 3 times") != words.npos);
        const auto file = answering(
            "HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n");
        const std::string scheme = error_of(file.url()).what();
        CHECK(scheme.find("a scheme that is not allowed") != scheme.npos);
        const UpstreamDouble once([](Visit& visit) {
            visit.read_request();
            visit.send(visit.number() == 1
                           ? "HTTP/1.1 302 Found\r\nLocation: /x\r\nConnection: close\r\n"
                             "Content-Length: 0\r\n\r\n"
                           : snapshot(jpeg("behind")));
        });
        FakeCaptureContext context;
        const auto driver = relay(once.url());
        auto frames = driver->frames(context);
        CHECK(picture_of(*frames.next()) == jpeg("behind"));
    }

    TEST_CASE("link-local addresses are refused, also behind a redirect") {
        for (const char* url : {"http://169.254.169.254/latest", "http://[fe80::1]/",
                                "http://[::ffff:169.254.1.1]/", "http://2852039166/"}) {
            CAPTURE(url);
            CHECK_THROWS_WITH_AS(relay(url), doctest::Contains("link-local"),
                                 onlooker::camera::DriverOptionError);
        }
        const auto upstream = answering(
            "HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n");
        const std::string words = error_of(upstream.url()).what();
        CHECK(words.find("link-local") != words.npos);
    }

    TEST_CASE("the program's own listening socket is refused, by whatever name") {
        const onlooker::UniqueFd listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
        sockaddr_in address{};
        address.sin_family = AF_INET;
        socklen_t size = sizeof address;
        auto* generic = reinterpret_cast<sockaddr*>(&address);
        REQUIRE(::bind(listener.get(), generic, size) == 0);
        REQUIRE(::listen(listener.get(), 1) == 0);
        REQUIRE(::getsockname(listener.get(), generic, &size) == 0);
        const std::string port = std::to_string(ntohs(address.sin_port));
        for (const char* host : {"127.0.0.1", "localhost", "0.0.0.0", "127.1.2.3"}) {
            CAPTURE(host);
            const std::string words = error_of("http://" + std::string(host) + ":" + port).what();
            CHECK(words.find("this server itself listens there") != words.npos);
        }
    }

    TEST_CASE("silence ends it: before the head, in the head, and in the stream") {
        for (const std::string& beginning :
             {""s, "HTTP/1.0 200 OK\r\nContent-"s, stream_head, stream_head + part(jpeg("one"))}) {
            CAPTURE(beginning);
            const UpstreamDouble upstream([&](Visit& visit) {
                visit.read_request();
                visit.send(beginning);
                visit.wait(5s);
            });
            const auto begin = std::chrono::steady_clock::now();
            const CameraError error = error_of(upstream.url(), {{"timeout", "0.2"}});
            CHECK(error.kind() == ErrorKind::no_signal);
            CHECK(std::chrono::steady_clock::now() - begin < 2s);
        }
    }

    TEST_CASE("a trickle that never makes a picture ends it, in the head and in the body") {
        for (const std::string& beginning :
             {"HTTP/1.0 200 OK\r\n"s, stream_head + "Content-Length: 100000\r\n\r\n"}) {
            const UpstreamDouble upstream([&](Visit& visit) {
                visit.read_request();
                visit.send(beginning);
                while (visit.send("X: y\r\n"))
                    visit.wait(20ms);
            });
            const CameraError error = error_of(upstream.url(), {{"timeout", "0.2"}});
            CHECK(error.kind() == ErrorKind::no_signal);
        }
    }

    TEST_CASE("endless heads of every sort are refused") {
        for (const std::string& line : {"X: y\r\n"s, std::string(1000, 'x'),
                                        "HTTP/1.1 100 Continue\r\n\r\n"s, std::string(100, '\0')}) {
            const UpstreamDouble upstream([&](Visit& visit) {
                visit.read_request();
                visit.send("HTTP/1.1 200 OK\r\n");
                while (visit.send(line)) {
                }
            });
            CHECK(error_of(upstream.url(), {{"timeout", "1"}}).kind() == ErrorKind::failed);
        }
    }
}
