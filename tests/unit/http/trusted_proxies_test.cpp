#include "http/trusted_proxies.hpp"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

using namespace onlooker::http;

namespace {

// A request from `remote` with these fields, as `proxies` leave it.
Request believed(const std::vector<std::string>& proxies, const char* remote,
                 std::vector<Header> headers) {
    Request request;
    request.remote = {asio::ip::make_address(remote), 4711};
    request.headers = std::move(headers);
    TrustedProxies(proxies).believe(request);
    return request;
}

std::string client(const std::vector<std::string>& proxies, const char* remote,
                   std::vector<Header> headers) {
    return believed(proxies, remote, std::move(headers)).remote.address().to_string();
}

}  // namespace

TEST_SUITE("trusted proxies") {
    TEST_CASE("of whoever is not named nothing is believed") {
        const Request request = believed({"192.0.2.1"}, "192.0.2.2",
                                         {{"X-Forwarded-For", "198.51.100.7"},
                                          {"X-Forwarded-Proto", "https"},
                                          {"X-Forwarded-Prefix", "/cam"}});
        CHECK(request.remote.address().to_string() == "192.0.2.2");
        CHECK_FALSE(request.secure);
        CHECK(request.prefix.empty());
        CHECK(client({}, "127.0.0.1", {{"X-Forwarded-For", "198.51.100.7"}}) == "127.0.0.1");
    }

    TEST_CASE("a named one tells the client, the scheme and the prefix") {
        const Request request = believed({"192.0.2.0/24"}, "192.0.2.2",
                                         {{"X-Forwarded-For", "198.51.100.7"},
                                          {"X-Forwarded-Proto", "https"},
                                          {"X-Forwarded-Prefix", "/cam/"}});
        CHECK(request.remote.address().to_string() == "198.51.100.7");
        CHECK(request.secure);
        CHECK(request.prefix == "/cam");
        CHECK(believed({"::1"}, "::1", {{"X-Ingress-Path", "/api/hassio_ingress/Ab-3_"}}).prefix ==
              "/api/hassio_ingress/Ab-3_");
    }

    TEST_CASE("what the client claims itself stands before what a proxy adds, and counts nothing") {
        CHECK(client({"192.0.2.2"}, "192.0.2.2",
                     {{"X-Forwarded-For", "127.0.0.1, 10.0.0.1, 198.51.100.7"}}) == "198.51.100.7");
        CHECK(client({"192.0.2.2"}, "192.0.2.2",
                     {{"X-Forwarded-For", "127.0.0.1"}, {"X-Forwarded-For", "198.51.100.7"}}) ==
              "198.51.100.7");
    }

    TEST_CASE("of a chain those that are trusted are passed over") {
        CHECK(client({"192.0.2.0/24", "fd00::/8"}, "192.0.2.2",
                     {{"X-Forwarded-For", "203.0.113.9, 198.51.100.7, fd00::1, 192.0.2.9"}}) ==
              "198.51.100.7");
        // All of them ours: the one that is farthest.
        CHECK(client({"192.0.2.0/24"}, "192.0.2.2", {{"X-Forwarded-For", "192.0.2.7"}}) ==
              "192.0.2.7");
    }

    TEST_CASE("addresses come with ports, in brackets and as IPv4 in IPv6") {
        CHECK(client({"127.0.0.1"}, "::ffff:127.0.0.1", {{"X-Forwarded-For", "192.0.2.7:80"}}) ==
              "192.0.2.7");
        CHECK(client({"127.0.0.1"}, "127.0.0.1", {{"X-Forwarded-For", "[2001:db8::1]:80"}}) ==
              "2001:db8::1");
        CHECK(client({"127.0.0.1"}, "127.0.0.1", {{"X-Forwarded-For", "::ffff:192.0.2.7"}}) ==
              "192.0.2.7");
    }

    TEST_CASE("what is no address ends the search, and no prefix is no path of ours") {
        CHECK(client({"127.0.0.1"}, "127.0.0.1", {{"X-Forwarded-For", "192.0.2.7, unknown"}}) ==
              "127.0.0.1");
        CHECK(client({"127.0.0.1"}, "127.0.0.1", {{"X-Forwarded-For", ""}}) == "127.0.0.1");
        for (const char* prefix : {"//evil.example", "cam", "/a\"b", "/a b", "/%2e", "/"}) {
            CAPTURE(prefix);
            CHECK(believed({"127.0.0.1"}, "127.0.0.1", {{"X-Forwarded-Prefix", prefix}})
                      .prefix.empty());
        }
    }

    TEST_CASE("a network that is none is an error") {
        for (const char* wrong : {"", "proxy", "192.0.2.0/33", "192.0.2", "::/129", "1.2.3.4/x"}) {
            CAPTURE(wrong);
            CHECK_THROWS_AS(TrustedProxies({wrong}), std::invalid_argument);
        }
    }
}
