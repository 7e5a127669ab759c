#include "endpoints/loop_guard.hpp"

#include <doctest/doctest.h>

#include <string>

#include "base/process_identity.hpp"

using namespace onlooker;
using endpoints::refuse_loop;
using endpoints::via_of;

namespace {

http::Request request_via(const std::string& first, const std::string& second = "") {
    http::Request request;
    request.headers.push_back({"Via", first});
    if (!second.empty())
        request.headers.push_back({"via", second});
    return request;
}

}  // namespace

TEST_SUITE("loop guard") {
    TEST_CASE("who looks directly, or through others, is let in") {
        CHECK(via_of(http::Request{}).empty());
        CHECK_FALSE(refuse_loop(""));
        CHECK_FALSE(refuse_loop("1.1 onlooker-0123456789abcdef, 1.0 squid"));
    }

    TEST_CASE("pictures of this very process are not shown to itself") {
        const auto refusal = refuse_loop("1.1 somebody, 1.1 " + via_pseudonym());
        REQUIRE(refusal);
        CHECK(refusal->status == 508);
    }

    TEST_CASE("five relays in a row are enough") {
        std::string via = "1.1 onlooker-1";
        for (int i = 2; i <= 4; ++i)
            via += ", 1.1 onlooker-" + std::to_string(i);
        CHECK_FALSE(refuse_loop(via));
        CHECK(refuse_loop(via + ", 1.1 onlooker-5"));
    }

    TEST_CASE("several fields are one, and what is no Via is none") {
        CHECK(via_of(request_via("1.1 a", "1.1 b")) == "1.1 a, 1.1 b");
        CHECK(via_of(request_via(std::string(2000, 'a'))).empty());
        CHECK(via_of(request_via("1.1 \x1b[31m")).empty());
    }
}
