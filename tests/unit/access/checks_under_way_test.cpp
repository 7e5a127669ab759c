#include "access/checks_under_way.hpp"

#include <asio/io_context.hpp>
#include <doctest/doctest.h>

#include <memory>

using namespace onlooker;
using access::ChecksUnderWay;
using access::PasswordVerdict;
using access::sha256;

TEST_SUITE("checks under way") {
    TEST_CASE("a check is found by its login until it is over, and tells what came out") {
        asio::io_context loop;
        ChecksUnderWay under_way{loop.get_executor()};
        std::shared_ptr<ChecksUnderWay::Check> seen;
        bool woken = false;
        {
            const auto turn = under_way.begin(sha256("anna"));
            CHECK_FALSE(under_way.find(sha256("bob")));
            seen = under_way.find(sha256("anna"));
            REQUIRE(seen);
            seen->done.async_wait([&](asio::error_code) { woken = true; });
            turn->verdict = PasswordVerdict{PasswordVerdict::Is::right};
        }
        loop.run();
        CHECK(woken);
        CHECK_FALSE(under_way.find(sha256("anna")));
        REQUIRE(seen->verdict);
        CHECK(seen->verdict->is == PasswordVerdict::Is::right);
    }

    TEST_CASE("whoever goes before it is over leaves it to the next") {
        asio::io_context loop;
        ChecksUnderWay under_way{loop.get_executor()};
        auto turn = under_way.begin(sha256("anna"));
        const auto seen = under_way.find(sha256("anna"));
        bool woken = false;
        seen->done.async_wait([&](asio::error_code) { woken = true; });
        turn.reset();
        loop.run();
        CHECK(woken);
        CHECK_FALSE(seen->verdict);
        CHECK_FALSE(under_way.find(sha256("anna")));
    }
}
