#include "http/message/response.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "support/logged.hpp"

using namespace onlooker::http;
using onlooker::Awaitable;
using onlooker::test::Logged;

namespace {

std::size_t count(std::string_view text, std::string_view part) {
    std::size_t found = 0;
    for (auto place = text.find(part); place != std::string_view::npos;
         place = text.find(part, place + part.size()))
        ++found;
    return found;
}

TextGenerator no_rows() {
    co_return;
}

Response empty_page() {
    Response response;
    response.with("Content-Type", "text/html; charset=utf-8");
    return response;
}

class NoStream final : public StreamBody {
  public:
    std::string preamble() override { return {}; }
    Awaitable<> run(StreamConnection&) override { co_return; }
};

}  // namespace

TEST_SUITE("response head") {
    TEST_CASE("begins with the status line, ends with an empty line, tells the length") {
        const std::string head = write_head(Response::text(404, "not here"), {});
        CHECK(head.starts_with("HTTP/1.1 404 Not Found\r\n"));
        CHECK(head.ends_with("\r\n\r\n"));
        CHECK(count(head, "\r\n\r\n") == 1);
        CHECK(count(head, "\r\nContent-Length: 9\r\n") == 1);
        CHECK(count(head, "\r\nDate: ") == 1);
        CHECK(count(head, "Connection:") == 0);
    }

    TEST_CASE("a value with a line end or NUL is left out whole, and no answer can be split") {
        const Logged log;
        for (const std::string& end :
             {std::string("\r\n"), std::string("\n"), std::string("\r"), std::string(1, char{})}) {
            Response response = Response::text(200, "x");
            response.with("X-Echo", "a" + end + "Set-Cookie: stolen=1");
            const std::string head = write_head(response, {});
            CHECK(head.find("Set-Cookie") == std::string::npos);
            CHECK(head.find("X-Echo") == std::string::npos);
            CHECK(head.find('\0') == std::string::npos);
            CHECK(count(head, "\n") == count(head, "\r\n"));
        }
        CHECK(log.count("left out of an answer") == 4);
        for (const std::string& line : log.lines())
            CHECK(line.find_first_of("\r\n") == std::string::npos);
    }

    TEST_CASE("a name that is not a token is left out") {
        const Logged log;
        for (const char* name : {"", "X Y", "X:", "X\r\nY", "\xc3\xa4"}) {
            const std::string head = write_head(Response{}.with(name, "value"), {});
            CHECK(head.find("value") == std::string::npos);
        }
    }

    TEST_CASE("a handler cannot say how the body is framed") {
        const Logged log;
        Response response = Response::text(200, "four");
        response.with("Content-Length", "4000").with("transfer-encoding", "chunked");
        response.with("Connection", "keep-alive").with("Keep-Alive", "timeout=5");
        const std::string head = write_head(response, {});
        CHECK(count(head, "Content-Length: 5\r\n") == 1);
        CHECK(head.find("4000") == std::string::npos);
        CHECK(head.find("chunked") == std::string::npos);
        CHECK(head.find("eep-") == std::string::npos);
    }

    TEST_CASE("rows are chunked on 1.1 and end by closing on 1.0") {
        Response response;
        response.body = no_rows();
        CHECK(count(write_head(response, {}), "Transfer-Encoding: chunked\r\n") == 1);
        HeadOptions old;
        old.version_minor = 0;
        old.keep_alive = false;
        const std::string head = write_head(response, old);
        CHECK(head.find("Transfer-Encoding") == std::string::npos);
        CHECK(count(head, "Connection: close\r\n") == 1);
    }

    TEST_CASE("a stream is HTTP/1.0 and closes, with neither length nor chunks") {
        Response response;
        response.body = std::make_unique<NoStream>();
        response.framing = Framing::until_close;
        const std::string head = write_head(response, {});
        CHECK(head.starts_with("HTTP/1.0 200 OK\r\nConnection: close\r\n"));
        CHECK(head.find("Content-Length") == std::string::npos);
        CHECK(head.find("Transfer-Encoding") == std::string::npos);
    }

    TEST_CASE("another stream comes in chunks on HTTP/1.1 and ends by closing on HTTP/1.0") {
        Response response;
        response.body = std::make_unique<NoStream>();
        HeadOptions options;
        options.keep_alive = false;
        const std::string head = write_head(response, options);
        CHECK(head.starts_with("HTTP/1.1 200 OK\r\nConnection: close\r\n"));
        CHECK(count(head, "\r\nTransfer-Encoding: chunked\r\n") == 1);
        options.version_minor = 0;
        CHECK(write_head(response, options).find("Transfer-Encoding") == std::string::npos);
        CHECK(!is_chunked(response, 0));
        CHECK(!is_chunked(Response::text(200, "x"), 1));
    }

    TEST_CASE("204 and 304 have no length") {
        for (const int status : {204, 304}) {
            Response response;
            response.status = status;
            CHECK(write_head(response, {}).find("Content-Length") == std::string::npos);
        }
    }

    TEST_CASE("HTTP/1.0 is told that the connection stays open") {
        HeadOptions options;
        options.version_minor = 0;
        CHECK(count(write_head(Response::text(200, "x"), options), "Connection: keep-alive\r\n") ==
              1);
    }

    TEST_CASE("a default is given unless the answer brings its own; pages get a policy") {
        const std::string own = write_head(empty_page().with("x-frame-options", "SAMEORIGIN"), {});
        CHECK(own.find("X-Frame-Options: DENY") == std::string::npos);
        CHECK(count(own, "Content-Security-Policy: ") == 1);
        CHECK(write_head(Response::json("{}"), {}).find("Content-Security") == std::string::npos);
    }

    TEST_CASE("only to this very origin it is told which page a request comes from") {
        CHECK(count(write_head(empty_page(), {}), "\r\nReferrer-Policy: same-origin\r\n") == 1);
        CHECK(count(write_head(Response::json("{}"), {}), "\r\nReferrer-Policy: no-referrer\r\n") ==
              1);
    }

    TEST_CASE("nobody may frame an answer") {
        const std::string page = write_head(empty_page(), {});
        CHECK(count(page, "\r\nX-Frame-Options: DENY\r\n") == 1);
        CHECK(count(page, "; frame-ancestors 'none'\r\n") == 1);
        CHECK(count(write_head(Response::json("{}"), {}), "\r\nX-Frame-Options: DENY\r\n") == 1);
    }

    TEST_CASE("who may frame an answer is named, which X-Frame-Options cannot") {
        Response picture = Response::text(200, "");
        picture.frame_ancestors = "'self' http://a";
        const std::string head = write_head(picture, {});
        CHECK(head.find("X-Frame-Options") == std::string::npos);
        CHECK(count(head, "\r\nContent-Security-Policy: frame-ancestors 'self' http://a\r\n") == 1);
        Response page = empty_page();
        page.frame_ancestors = "*";
        CHECK(count(write_head(page, {}), "default-src 'self'; ") == 1);
        CHECK(count(write_head(page, {}), "; frame-ancestors *\r\n") == 1);
    }

    TEST_CASE("who is turned away for now is told when to come back") {
        const Response response = Response::unavailable("Full.", std::chrono::seconds(7));
        CHECK(response.status == 503);
        CHECK(count(write_head(response, {}), "\r\nRetry-After: 7\r\n") == 1);
        CHECK(count(write_head(Response::unavailable("Full."), {}), "\r\nRetry-After: 2\r\n") == 1);
    }
}

TEST_SUITE("response fields") {
    TEST_CASE("replacing leaves one field") {
        Response response;
        response.with("Vary", "a").with("VARY", "b");
        response.replace("vary", "c");
        REQUIRE(response.headers.size() == 1);
        CHECK(response.headers[0].value == "c");
    }

    TEST_CASE("an element is added to a list once") {
        Response response;
        response.add_to_list("Vary", "Origin");
        response.add_to_list("vary", "Accept");
        response.add_to_list("Vary", "origin");
        REQUIRE(response.headers.size() == 1);
        CHECK(response.headers[0].value == "Origin, Accept");
    }
}
