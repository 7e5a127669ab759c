#include "access/recent_logins.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <string_view>

using namespace std::chrono_literals;
using namespace onlooker::access;
using onlooker::SteadyTime;

namespace {

BasicLogin login(std::string_view name, std::string_view password) {
    return {.name = std::string(name), .password = Secret(std::string(password))};
}

}  // namespace

TEST_SUITE("recent logins") {
    TEST_CASE("a login is remembered for a minute, with this very password") {
        RecentLogins recent;
        const SteadyTime now{1h};
        CHECK_FALSE(recent.has(login("anna", "one"), now));
        recent.add(login("anna", "one"), now);
        CHECK(recent.has(login("anna", "one"), now + 59s));
        CHECK_FALSE(recent.has(login("anna", "one"), now + 60s));
        CHECK_FALSE(recent.has(login("anna", "two"), now));
        CHECK_FALSE(recent.has(login("bob", "one"), now));
        CHECK_FALSE(recent.has(login("ann", "aone"), now));
    }

    TEST_CASE("nothing is remembered once it was cleared") {
        RecentLogins recent;
        const SteadyTime now{1h};
        recent.add(login("anna", "one"), now);
        recent.clear();
        CHECK_FALSE(recent.has(login("anna", "one"), now));
    }

    TEST_CASE("of many logins the oldest is forgotten") {
        RecentLogins recent;
        const SteadyTime now{1h};
        for (int i = 0; i < 65; ++i)
            recent.add(login("anna", std::to_string(i)), now);
        CHECK_FALSE(recent.has(login("anna", "0"), now));
        CHECK(recent.has(login("anna", "1"), now));
        CHECK(recent.has(login("anna", "64"), now));
    }
}
