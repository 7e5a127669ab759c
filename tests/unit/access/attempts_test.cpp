#include "access/attempts.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <optional>
#include <string>

using namespace std::chrono_literals;
using asio::ip::make_address;
using onlooker::SteadyTime;
using onlooker::access::Attempts;

namespace {

struct Door {
    explicit Door(Attempts::Settings settings = {}) : attempts(settings) {}

    std::optional<std::chrono::seconds> knock(const std::string& address, const std::string& user) {
        return attempts.begin(make_address(address), user, now);
    }
    int let_in(int times, const std::string& address, const std::string& user) {
        int count = 0;
        for (int i = 0; i < times; ++i)
            count += knock(address, user) ? 0 : 1;
        return count;
    }

    Attempts attempts;
    SteadyTime now{1h};
};

}  // namespace

TEST_SUITE("attempts") {
    TEST_CASE("five at once, then one per ten seconds, and the wait is told") {
        Door door;
        CHECK(door.let_in(5, "192.0.2.1", "anna") == 5);
        CHECK(door.knock("192.0.2.1", "anna") == 10s);
        door.now += 9500ms;
        CHECK(door.knock("192.0.2.1", "anna") == 1s);
        door.now += 500ms;
        CHECK(door.let_in(3, "192.0.2.1", "anna") == 1);
        door.now += 1h;
        CHECK(door.let_in(9, "192.0.2.1", "anna") == 5);
    }

    TEST_CASE("an address that tries many names is limited, and so is a name from many addresses") {
        Door door;
        for (int i = 0; i < 5; ++i)
            CHECK_FALSE(door.knock("192.0.2.1", "user" + std::to_string(i)));
        CHECK(door.knock("192.0.2.1", "somebody"));
        for (int i = 0; i < 5; ++i)
            CHECK_FALSE(door.knock("192.0.2." + std::to_string(10 + i), "anna"));
        CHECK(door.knock("192.0.2.99", "anna"));
        CHECK_FALSE(door.knock("192.0.2.99", "bob"));
    }

    TEST_CASE("what is refused does not count") {
        Door door;
        CHECK(door.let_in(100, "192.0.2.1", "anna") == 5);
        CHECK(door.let_in(5, "192.0.2.1", "bob") == 0);
        CHECK(door.let_in(5, "192.0.2.2", "bob") == 5);
    }

    TEST_CASE("what succeeds does not count") {
        Door door;
        for (int i = 0; i < 100; ++i) {
            CHECK_FALSE(door.knock("192.0.2.1", "anna"));
            door.attempts.succeeded(make_address("192.0.2.1"), "anna");
        }
        CHECK(door.let_in(9, "192.0.2.1", "anna") == 5);
    }

    TEST_CASE("IPv6 counts by /64") {
        Door door;
        for (int i = 0; i < 5; ++i)
            CHECK_FALSE(door.knock("2001:db8::" + std::to_string(i), std::to_string(i)));
        CHECK(door.knock("2001:db8::ffff", "x"));
        CHECK_FALSE(door.knock("2001:db8:0:1::1", "x"));
    }

    TEST_CASE("a full table forgets the one with the fewest failures") {
        Door door({.most_entries = 4});
        CHECK(door.let_in(5, "192.0.2.1", "anna") == 5);
        for (int i = 2; i < 200; ++i)
            CHECK_FALSE(door.knock("192.0.2." + std::to_string(i), std::to_string(i)));
        CHECK(door.knock("192.0.2.1", "other"));
        CHECK(door.knock("192.0.2.250", "anna"));
    }

    TEST_CASE("a name that is too long to be one takes no more memory") {
        Door door;
        const std::string longest(64, 'a');
        CHECK(door.let_in(5, "192.0.2.1", longest + "1") == 5);
        CHECK(door.let_in(1, "192.0.2.2", longest + "2") == 0);
    }
}
