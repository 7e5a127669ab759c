// What servers do that curl, ffmpeg and browsers get along with: codings, challenges, cookies,
// redirects.
#include <unistd.h>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "unit/relay/relayed.hpp"

using namespace std::string_literals;
using namespace onlooker::test;

namespace {

std::string little_endian(std::uint32_t value, int octets) {
    std::string text;
    for (int i = 0; i < octets; ++i)
        text += static_cast<char>(value >> (8 * i) & 0xff);
    return text;
}

// RFC 1952, 8.
std::uint32_t crc(std::string_view text) {
    std::uint32_t value = 0xffffffff;
    for (const char c : text) {
        value ^= static_cast<std::uint8_t>(c);
        for (int bit = 0; bit < 8; ++bit)
            value = value >> 1 ^ ((value & 1) != 0 ? 0xedb88320U : 0U);
    }
    return ~value;
}

// One block that is stored as it is (RFC 1951, 3.2.4).
std::string deflated(std::string_view text) {
    const auto size = static_cast<std::uint32_t>(text.size());
    return "\x01" + little_endian(size, 2) + little_endian(~size, 2) + std::string(text);
}

std::string gzipped(std::string_view text) {
    return "\x1f\x8b\x08\0\0\0\0\0\0\xff"s + deflated(text) + little_endian(crc(text), 4) +
           little_endian(static_cast<std::uint32_t>(text.size()), 4);
}

std::string redirect_to(const std::string& url, std::string_view fields = "") {
    return "HTTP/1.1 302 Found\r\nLocation: " + url + "\r\n" + std::string(fields) +
           "Content-Length: 0\r\n\r\n";
}

std::string challenge(std::string_view fields) {
    return "HTTP/1.1 401 Unauthorized\r\n" + std::string(fields) + "Content-Length: 0\r\n\r\n";
}

// Wants a login by these fields, and shows the request that brings one in a picture.
UpstreamDouble wanting_login(const std::string& fields) {
    return UpstreamDouble([fields](Visit& visit) {
        for (std::string request; !(request = visit.read_request()).empty();)
            visit.send(request.find("Authorization: ") == request.npos ? challenge(fields)
                                                                       : snapshot(jpeg(request)));
    });
}

// Shows each request in a picture.
UpstreamDouble echoing() {
    return UpstreamDouble([](Visit& visit) {
        for (std::string request; !(request = visit.read_request()).empty();)
            visit.send(snapshot(jpeg(request)));
    });
}

bool holds(const std::string& text, std::string_view words) {
    return text.find(words) != text.npos;
}

std::string first_of(const Watched& watched) {
    CAPTURE(watched.error);
    REQUIRE(watched.pictures.size() >= 1);
    return watched.pictures.front();
}

}  // namespace

TEST_SUITE("the relay as an HTTP client") {
    TEST_CASE("codings that were not asked for are undone, and those that nobody knows are none") {
        const std::string picture = jpeg("one");
        for (const auto& [coding, body] :
             {std::pair{"gzip"s, gzipped(picture)}, std::pair{"GZIP"s, gzipped(picture)},
              std::pair{"x-gzip"s, gzipped(picture)}, std::pair{"deflate"s, deflated(picture)},
              std::pair{"identity"s, picture}, std::pair{"binary"s, picture},
              std::pair{"utf-8"s, picture}, std::pair{"none"s, picture},
              std::pair{"8bit"s, picture}}) {
            CAPTURE(coding);
            const std::string answer = snapshot(body, "Content-Encoding: " + coding + "\r\n");
            const UpstreamDouble upstream([answer](Visit& visit) {
                while (!visit.read_request().empty())
                    visit.send(answer);
            });
            const Watched watched = watch(upstream.url(), 2, {{"fps", "50"}});
            CHECK(watched.pictures == std::vector{picture, picture});
            CHECK(watched.warnings.empty());
        }
    }

    TEST_CASE("a cookie is not brought to another host") {
        const auto other = echoing();
        const std::string there = "http://localhost:" + std::to_string(other.port()) + "/there";
        const UpstreamDouble upstream([there](Visit& visit) {
            while (!visit.read_request().empty())
                visit.send(redirect_to(there, "Set-Cookie: session=1; Path=/\r\n"));
        });
        const std::string request = first_of(watch(upstream.url(), 1));
        CHECK(holds(request, "GET /there "));
        CHECK_FALSE(holds(request, "Cookie"));
    }

    TEST_CASE("a redirect to another host or port takes no login with it") {
        const auto other = wanting_login("WWW-Authenticate: Basic realm=\"x\"\r\n");
        const auto echo = echoing();
        const auto token = std::filesystem::temp_directory_path() /
                           (std::to_string(::getpid()) + "-token-of-redirects");
        std::ofstream(token) << "secret\n";
        for (const std::string& fields :
             {""s, "WWW-Authenticate: Basic realm=\"x\"\r\n"s,
              "WWW-Authenticate: Digest realm=\"x\", nonce=\"n\", qop=\"auth\"\r\n"s})
            for (const std::string host : {"127.0.0.1", "localhost"})
                for (const int port : {echo.port(), other.port()}) {
                    const std::string there = fmt::format("http://{}:{}/there", host, port);
                    CAPTURE(there);
                    CAPTURE(fields);
                    const UpstreamDouble upstream([&](Visit& visit) {
                        for (std::string request; !(request = visit.read_request()).empty();)
                            visit.send(fields.empty() || holds(request, "Authorization: ")
                                           ? redirect_to(there)
                                           : challenge(fields));
                    });
                    for (const Watched& watched :
                         {watch(upstream.url("/", "me:secret@"), 1),
                          watch(upstream.url(), 1, {{"token_file", token}})}) {
                        // The one that wants a login gets none.
                        if (port == other.port() || watched.pictures.empty())
                            CHECK(watched.kind == onlooker::camera::ErrorKind::no_permission);
                        else
                            CHECK_FALSE(holds(watched.pictures.front(), "Authorization"));
                    }
                }
        std::filesystem::remove(token);
    }

    TEST_CASE("a head without end is told with its limits") {
        for (const std::string& line :
             {"X: y\r\n"s, std::string(1000, 'x'), std::string(200000, 'x')}) {
            const UpstreamDouble upstream([&](Visit& visit) {
                if (visit.read_request().empty())
                    return;
                visit.send("HTTP/1.1 200 OK\r\n");
                while (visit.send(line)) {
                }
            });
            const Watched watched = watch(upstream.url(), 1, {{"timeout", "2"}});
            CHECK(watched.error ==
                  upstream.url() +
                      " answers with an endless head: it is longer than 16384 octets, or there "
                      "are more than 16 of them");
        }
    }
}
