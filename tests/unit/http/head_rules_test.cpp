#include "http/message/head_rules.hpp"

#include <doctest/doctest.h>

#include <utility>
#include <variant>
#include <vector>

using namespace onlooker::http;

namespace {

Request with_fields(std::vector<Header> headers) {
    Request request;
    request.headers = std::move(headers);
    return request;
}

int status_of(const Request& request) {
    const auto verdict = judge_head(request, 100);
    const auto* refusal = std::get_if<Refusal>(&verdict);
    return refusal == nullptr ? 200 : refusal->status;
}

}  // namespace

TEST_SUITE("head rules") {
    TEST_CASE("a request without a body has no octets of it") {
        const auto verdict = judge_head(with_fields({{"Host", "a"}}), 100);
        REQUIRE(std::holds_alternative<BodyFraming>(verdict));
        CHECK(std::get<BodyFraming>(verdict) == BodyFraming{});
    }

    TEST_CASE("the length of the body is said in one way") {
        CHECK(std::get<BodyFraming>(
                  judge_head(with_fields({{"Host", "a"}, {"Content-Length", "100"}}), 100)) ==
              BodyFraming{.chunked = false, .octets = 100});
        CHECK(std::get<BodyFraming>(
                  judge_head(with_fields({{"host", "a"}, {"transfer-encoding", "Chunked"}}), 100))
                  .chunked);
        for (const char* length : {"", "+1", "1,1", "0x1", "99999999999999999999"})
            CHECK(status_of(with_fields({{"Host", "a"}, {"Content-Length", length}})) == 400);
        CHECK(status_of(with_fields(
                  {{"Host", "a"}, {"Content-Length", "1"}, {"Content-Length", "1"}})) == 400);
        CHECK(status_of(with_fields(
                  {{"Host", "a"}, {"Transfer-Encoding", "chunked"}, {"Content-Length", ""}})) ==
              400);
    }

    TEST_CASE("a body over the limit is refused before it comes") {
        CHECK(status_of(with_fields({{"Host", "a"}, {"Content-Length", "101"}})) == 413);
    }

    TEST_CASE("chunked is known once and last, and only in HTTP/1.1") {
        for (const char* codings : {"", ",", "chunked,", "chunked, gzip", "chunked, chunked", "@"})
            CHECK(status_of(with_fields({{"Host", "a"}, {"Transfer-Encoding", codings}})) == 400);
        CHECK(status_of(with_fields({{"Host", "a"}, {"Transfer-Encoding", "gzip, chunked"}})) ==
              501);
        Request old = with_fields({{"Transfer-Encoding", "chunked"}});
        old.version_minor = 0;
        CHECK(status_of(old) == 400);
    }

    TEST_CASE("HTTP/1.1 names exactly one host, HTTP/1.0 need not") {
        CHECK(status_of(with_fields({})) == 400);
        CHECK(status_of(with_fields({{"Host", "a"}, {"Host", "a"}})) == 400);
        CHECK(status_of(with_fields({{"Host", "a b"}})) == 400);
        Request old = with_fields({});
        old.version_minor = 0;
        CHECK(status_of(old) == 200);
    }

    TEST_CASE("of several faults, that of the framing is told") {
        CHECK(status_of(with_fields({{"Transfer-Encoding", "gzip"}})) == 501);
        CHECK(status_of(with_fields({{"Content-Length", "101"}})) == 413);
    }

    TEST_CASE("an option closes the connection or keeps it open, or the version does") {
        CHECK(should_keep_alive(with_fields({})));
        CHECK(should_keep_alive(with_fields({{"Connection", "Upgrade, x"}})));
        CHECK_FALSE(should_keep_alive(with_fields({{"connection", "x,\tClose , y"}})));
        CHECK_FALSE(should_keep_alive(
            with_fields({{"Connection", "keep-alive"}, {"Connection", "close"}})));
        CHECK(should_keep_alive(with_fields({{"Connection", "closed"}, {"X", "close"}})));
        Request old = with_fields({{"Connection", "x, Keep-Alive"}});
        old.version_minor = 0;
        CHECK(should_keep_alive(old));
        old.headers.push_back({"Connection", "close"});
        CHECK_FALSE(should_keep_alive(old));
        old.headers = {{"Connection", "keep-alives"}};
        CHECK_FALSE(should_keep_alive(old));
    }

    TEST_CASE("two fields say where a body ends") {
        CHECK(frames_body("content-length"));
        CHECK(frames_body("TRANSFER-ENCODING"));
        CHECK_FALSE(frames_body("Content-Length-2"));
    }
}
