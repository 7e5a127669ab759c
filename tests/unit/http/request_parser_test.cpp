#include "http/message/request_parser.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <string>
#include <string_view>

using namespace onlooker::http;
using Status = RequestParser::Status;

namespace {

// The status a request is answered with: 0 when it is incomplete, 200 when it is complete.
int outcome(RequestParser& parser) {
    if (parser.status() == Status::failed)
        return parser.error_status();
    return parser.status() == Status::complete ? 200 : 0;
}

int parse(std::string_view text, std::size_t step, const RequestLimits& limits = {}) {
    RequestParser parser(limits);
    while (!text.empty() && parser.status() == Status::incomplete) {
        std::string_view part = text.substr(0, step);
        const std::size_t given = part.size();
        parser.feed(part);
        text.remove_prefix(given - part.size());
    }
    return outcome(parser);
}

struct Row {
    int status;
    std::string_view text;
};

using namespace std::string_view_literals;

#define HOST "Host: a\r\n"

// What RFC 9112 and RFC 9110 say of each.
constexpr Row rows[] = {
    {200, "GET / HTTP/1.1\r\n" HOST "\r\n"sv},
    {200, "\r\nGET / HTTP/1.1\r\n" HOST "\r\n"sv},
    {200, "GET / HTTP/1.0\r\n\r\n"sv},
    {200, "GET / HTTP/1.2\r\n" HOST "\r\n"sv},
    {200, "BREW /pot HTTP/1.1\r\n" HOST "\r\n"sv},
    {200, "CONNECT a:443 HTTP/1.1\r\n" HOST "\r\n"sv},
    {200, "OPTIONS * HTTP/1.1\r\n" HOST "\r\n"sv},
    {200, "GET http://b:8080/x?y HTTP/1.1\r\n" HOST "\r\n"sv},
    {200, "GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n"sv},
    {200, "GET / HTTP/1.1\r\n" HOST "Empty:\r\nTab:\ta\tb \r\n\r\n"sv},
    {200,
     "GET / HTTP/1.1\r\n" HOST "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n\r\n"sv},
    {200, "POST / HTTP/1.1\r\n" HOST "Content-Length: 3\r\n\r\nabc"sv},
    {200, "POST / HTTP/1.1\r\n" HOST "Content-Length: 0\r\n\r\n"sv},
    {200, "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"sv},
    {200, "POST / HTTP/1.1\r\n" HOST
          "Transfer-Encoding: Chunked\r\n\r\n3;a=b\r\nabc\r\n0\r\nT: x\r\n\r\n"sv},
    {200, "get / HTTP/1.1\r\n" HOST "\r\n"sv},
    {200, "CONNECT [::1]:443 HTTP/1.1\r\n" HOST "\r\n"sv},
    {200, "POST / HTTP/1.1\r\n" HOST "Content-Length:\t003 \r\n\r\nabc"sv},
    {200, "POST / HTTP/1.1\r\n" HOST
          "Transfer-Encoding: chunked\r\n\r\n0a;a=\"b c\";d\r\n0123456789\r\n00\r\n\r\n"sv},
    {400, "GET /\r\n"sv},
    {400, "GET  / HTTP/1.1\r\n" HOST "\r\n"sv},
    {400, "GET /  HTTP/1.1\r\n" HOST "\r\n"sv},
    {400, "GET / HTTP/1.1 \r\n" HOST "\r\n"sv},
    {400, " GET / HTTP/1.1\r\n" HOST "\r\n"sv},
    {400, "GET\t/ HTTP/1.1\r\n" HOST "\r\n"sv},
    {400, "GET / http/1.1\r\n" HOST "\r\n"sv},
    {400, "GET / HTTP/1\r\n" HOST "\r\n"sv},
    {400, "G(T / HTTP/1.1\r\n" HOST "\r\n"sv},
    {400, "\x16\x03\x01"sv},
    {505, "GET / HTTP/0.9\r\n" HOST "\r\n"sv},
    {505, "GET / HTTP/9.9\r\n" HOST "\r\n"sv},
    {505, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"sv},
    {400, "GET / HTTP/1.1\n" HOST "\r\n"sv},
    {400, "GET / HTTP/1.1\r\nHost: a\n\r\n"sv},
    {400, "GET / HTTP/1.1\r\nHost: a\r\rX: y\r\n\r\n"sv},
    {400, "GET / HTTP/1.1\r\nHost: a\r\nX: y\0z\r\n\r\n"sv},
    {400, "GET / HTTP/1.1\r\nHost: a\r\nX: y\x01\r\n\r\n"sv},
    {400, "GET / HTTP/1.1\r\nHost: a\r\nX: y\r\n folded\r\n\r\n"sv},
    {400, "GET / HTTP/1.1\r\n Host: a\r\n\r\n"sv},
    {400, "GET / HTTP/1.1\r\nHost : a\r\n\r\n"sv},
    {400, "GET / HTTP/1.1\r\n" HOST ": a\r\n\r\n"sv},
    {400, "GET / HTTP/1.1\r\n" HOST "No colon\r\n\r\n"sv},
    {400, "GET / HTTP/1.1\r\n\r\n"sv},
    {400, "GET / HTTP/1.1\r\nHost:\r\n\r\n"sv},
    {400, "GET / HTTP/1.0\r\nHost: a b\r\n\r\n"sv},
    {400, "GET / HTTP/1.1\r\nHost: a\r\nhost: a\r\n\r\n"sv},
    {400, "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n"sv},
    {400, "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n"sv},
    {400, "GET / HTTP/1.1\r\nHost: a:99999\r\n\r\n"sv},
    {400, "GET / HTTP/1.1\r\nHost: [::1\r\n\r\n"sv},
    {400, "GET * HTTP/1.1\r\n" HOST "\r\n"sv},
    {400, "GET a:80 HTTP/1.1\r\n" HOST "\r\n"sv},
    {400, "GET ftp://a/ HTTP/1.1\r\n" HOST "\r\n"sv},
    {400, "GET http://u@a/ HTTP/1.1\r\n" HOST "\r\n"sv},
    {400, "GET http:///x HTTP/1.1\r\n" HOST "\r\n"sv},
    {400, "GET /%zz HTTP/1.1\r\n" HOST "\r\n"sv},
    {400, "GET /%0 HTTP/1.1\r\n" HOST "\r\n"sv},
    {400, "GET /%00 HTTP/1.1\r\n" HOST "\r\n"sv},
    {400, "GET /#a HTTP/1.1\r\n" HOST "\r\n"sv},
    {400, "POST / HTTP/1.1\r\n" HOST "Content-Length: 1\r\nContent-Length: 1\r\n\r\na"sv},
    {400, "POST / HTTP/1.1\r\n" HOST "Content-Length: 1, 1\r\n\r\na"sv},
    {400, "POST / HTTP/1.1\r\n" HOST "Content-Length: +1\r\n\r\na"sv},
    {400, "POST / HTTP/1.1\r\n" HOST "Content-Length: -1\r\n\r\na"sv},
    {400, "POST / HTTP/1.1\r\n" HOST "Content-Length: 0x1\r\n\r\na"sv},
    {400, "POST / HTTP/1.1\r\n" HOST "Content-Length: 1 1\r\n\r\na"sv},
    {400, "POST / HTTP/1.1\r\n" HOST "Content-Length:\r\n\r\n"sv},
    {413, "POST / HTTP/1.1\r\n" HOST "Content-Length: 65537\r\n\r\n"sv},
    {400, "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding:\r\n\r\n"sv},
    {400, "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n"sv},
    {400, "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n"sv},
    {400, "POST / HTTP/1.1\r\n" HOST
          "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n"sv},
    {400, "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n"sv},
    {400, "POST / HTTP/1.1\r\n" HOST "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n"sv},
    {400, "POST / HTTP/1.0\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n"sv},
    {501, "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: gzip\r\n\r\n"sv},
    {501, "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: gzip, chunked\r\n\r\n"sv},
    {501, "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: xchunked\r\n\r\n"sv},
    {400, "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\nxyz\r\n"sv},
    {400, "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n3\nabc\r\n0\r\n\r\n"sv},
    {400, "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n"sv},
    {400, "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n-1\r\n"sv},
    {400, "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n0\r\nT : x\r\n\r\n"sv},
    {400, "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n0\r\nNo colon\r\n\r\n"sv},
    {400, "POST / HTTP/1.1\r\n" HOST
          "Transfer-Encoding: chunked\r\n\r\n0\r\nContent-Length: 1\r\n\r\n"sv},
    {400, "POST / HTTP/1.1\r\n" HOST
          "Transfer-Encoding: chunked\r\n\r\n0\r\nTransfer-Encoding: chunked\r\n\r\n"sv},
    {400, "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\t\r\n\r\n0\r\n\r\n"sv},
    {400, "POST / HTTP/1.1\r\n" HOST "Content-Length: 1\t \r\n\r\na"sv},
    {400, "POST / HTTP/1.1\r\n" HOST "Content-Length: 18446744073709551617\r\n\r\na"sv},
    {400, "POST / HTTP/1.1\r\n" HOST
          "Transfer-Encoding: chunked\r\n\r\n10000000000000001\r\na\r\n0\r\n\r\n"sv},
    {400, "BREW / HTTP/1.1\r\n" HOST HOST "\r\n"sv},
    {400, "CONNECT / HTTP/1.1\r\n" HOST "\r\n"sv},
    {400, "CONNECT a/b HTTP/1.1\r\n" HOST "\r\n"sv},
    {400, "DESCRIBE / RTSP/1.0\r\n" HOST "\r\n"sv},
    {413, "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n10001\r\n"sv},
    {0, "GET / HTTP/1.1\r\n" HOST ""sv},
    {0, "POST / HTTP/1.1\r\n" HOST "Content-Length: 3\r\n\r\nab"sv},
};

}  // namespace

TEST_SUITE("request parser") {
    TEST_CASE("every request gets the status of the standard, however it is cut into packets") {
        for (const Row& row : rows) {
            CAPTURE(row.text);
            for (const std::size_t step : {100'000u, 1u, 7u})
                CHECK(parse(row.text, step) == row.status);
        }
    }

    TEST_CASE("takes no octet behind the end of a request, nor after a failure") {
        for (const std::string_view first :
             {"GET /a HTTP/1.1\r\nHost: a\r\n\r\n"sv,
              "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nxy"sv,
              "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"sv}) {
            const std::string both = std::string(first) + "GET /b HTTP/1.1\r\n";
            RequestParser parser{RequestLimits{}};
            std::string_view rest = both;
            CHECK(parser.feed(rest) == Status::complete);
            CHECK(rest == "GET /b HTTP/1.1\r\n");
        }
        RequestParser parser{RequestLimits{}};
        std::string_view rest =
            "GET / HTTP/1.1\r\nBad line\r\n\r\nGET /b HTTP/1.1\r\nHost: a\r\n\r\n";
        CHECK(parser.feed(rest) == Status::failed);
        CHECK(parser.feed(rest) == Status::failed);
    }

    TEST_CASE("splits and decodes what it hands over") {
        RequestParser parser{RequestLimits{}};
        std::string_view text =
            "POST http://B:81/a%20b?x=1&y=%41+z&bare HTTP/1.1\r\nHost: a\r\nCookie: k=v; s=t\r\n"
            "Content-Length: 2\r\n\r\nhi";
        REQUIRE(parser.feed(text) == Status::complete);
        const Request request = parser.take();
        CHECK(request.method == Method::post);
        CHECK(request.path == "/a b");
        CHECK(request.query.get("y") == "A z");
        CHECK(request.query.has("bare"));
        CHECK(request.header("host") == "B:81");
        CHECK(request.header("cookie") == "k=v; s=t");
        CHECK(request.body == "hi");
        CHECK(request.keep_alive);
        CHECK_FALSE(parser.started());
    }

    TEST_CASE("a method longer than any that there is is not known; 414 is for the target") {
        for (const std::size_t octets : {std::size_t{65}, std::size_t{100'000}}) {
            RequestParser parser{RequestLimits{}};
            const std::string text = std::string(octets, 'A') + " / HTTP/1.1\r\nHost: h\r\n\r\n";
            std::string_view data = text;
            CHECK(parser.feed(data) == Status::failed);
            CHECK(parser.error_status() == 501);
        }
    }

    TEST_CASE("a body is framed whatever the method is, and no upgrade is granted") {
        for (const std::string_view head : {"BREW /a"sv, "CONNECT a:1"sv, "GET /a"sv}) {
            CAPTURE(head);
            const std::string text =
                std::string(head) +
                " HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n"
                "Transfer-Encoding: chunked\r\n\r\n2\r\nxy\r\n1\r\nz\r\n0\r\nT: u\r\n\r\nrest";
            RequestParser parser{RequestLimits{}};
            std::string_view rest = text;
            REQUIRE(parser.feed(rest) == Status::complete);
            CHECK(rest == "rest");
            const Request request = parser.take();
            CHECK(request.body == "xyz");
            CHECK(request.headers.size() == 4);
            CHECK(request.keep_alive == (head != "CONNECT a:1"));
        }
    }

    TEST_CASE("of a request that fails, what has been read is known") {
        RequestParser parser{RequestLimits{}};
        std::string_view text = "HEAD /a?b HTTP/1.1\r\nHost: a\r\nOrigin:\tx \r\nBad line\r\n";
        REQUIRE(parser.feed(text) == Status::failed);
        CHECK(parser.partial().method == Method::head);
        CHECK(parser.partial().target == "/a?b");
        CHECK(parser.partial().header("Origin") == "x");
        CHECK(parser.error_sentence() ==
              "A header field holds a character that must not stand there.");
        RequestParser cut{RequestLimits{}};
        std::string_view line = "GET /a\x01";
        REQUIRE(cut.feed(line) == Status::failed);
        CHECK(cut.partial().target == "/a");
    }

    TEST_CASE("each limit holds to the octet") {
        const std::string tail = " HTTP/1.1\r\nHost: a\r\n\r\n";
        const std::string line(8192 - 13, 'a');  // "GET /" and " HTTP/1.1" are 14
        CHECK(parse("GET /" + line.substr(1) + tail, 100'000) == 200);
        CHECK(parse("GET /" + line + tail, 100'000) == 414);
        const auto with_fields = [](std::size_t octets) {
            std::string text = "GET / HTTP/1.1\r\nHost: a\r\nX: ";
            return text + std::string(octets - 9 - 5, 'x') + "\r\n\r\n";
        };
        CHECK(parse(with_fields(16 * 1024), 100'000) == 200);
        CHECK(parse(with_fields(16 * 1024 + 1), 100'000) == 431);
        const auto with_count = [](int count) {
            std::string text = "GET / HTTP/1.1\r\nHost: a\r\n";
            for (int i = 1; i < count; ++i)
                text += "X: y\r\n";
            return text + "\r\n";
        };
        CHECK(parse(with_count(100), 100'000) == 200);
        CHECK(parse(with_count(101), 100'000) == 431);
    }
}
