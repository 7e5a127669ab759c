#include "http/wire/address_limit.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <utility>
#include <vector>

using asio::ip::make_address;
using onlooker::http::AddressLimit;

TEST_SUITE("address limit") {
    TEST_CASE("an address has as many seats as it may, and gets one back when one is given up") {
        AddressLimit limit(2);
        auto first = limit.reserve(make_address("192.0.2.1"));
        auto second = limit.reserve(make_address("192.0.2.1"));
        CHECK(second.has_value());
        CHECK(!limit.reserve(make_address("192.0.2.1")));
        CHECK(limit.reserve(make_address("192.0.2.2")).has_value());
        first.reset();
        CHECK(limit.reserve(make_address("192.0.2.1")).has_value());
    }

    TEST_CASE("IPv6 counts by /64, and IPv4 inside IPv6 by address") {
        AddressLimit limit(1);
        const auto one = limit.reserve(make_address("2001:db8::1"));
        CHECK(!limit.reserve(make_address("2001:db8::ffff:2")));
        CHECK(limit.reserve(make_address("2001:db8:0:1::1")).has_value());
        const auto mapped = limit.reserve(make_address("::ffff:192.0.2.1"));
        CHECK(!limit.reserve(make_address("192.0.2.1")));
        CHECK(limit.reserve(make_address("::ffff:192.0.2.2")).has_value());
    }

    TEST_CASE("a seat counts once however often it is moved") {
        AddressLimit limit(1);
        {
            AddressLimit::Seat seat = *limit.reserve(make_address("192.0.2.1"));
            AddressLimit::Seat other = std::move(seat);
            AddressLimit::Seat last;
            last = std::move(other);
            CHECK(!limit.reserve(make_address("192.0.2.1")));
        }
        CHECK(limit.reserve(make_address("192.0.2.1")).has_value());
    }

    TEST_CASE("no limit is none") {
        AddressLimit limit(0);
        std::vector<std::optional<AddressLimit::Seat>> seats;
        for (int i = 0; i < 100; ++i)
            CHECK(seats.emplace_back(limit.reserve(make_address("192.0.2.1"))).has_value());
    }
}
