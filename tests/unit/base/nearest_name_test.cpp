#include "base/nearest_name.hpp"

#include <doctest/doctest.h>

#include <array>
#include <string>
#include <string_view>

using onlooker::nearest_name;

TEST_SUITE("nearest name") {
    constexpr std::array<std::string_view, 4> names{"host", "port", "idle-seconds", "always-on"};

    TEST_CASE("a letter too many, too few or mistaken is seen through") {
        CHECK(nearest_name("hosts", names) == "host");
        CHECK(nearest_name("prt", names) == "port");
        CHECK(nearest_name("idle_secnods", names) == "idle-seconds");
    }

    TEST_CASE("what is like none of them has no nearest one") {
        CHECK(nearest_name("resolution", names).empty());
        CHECK(nearest_name("", names).empty());
        CHECK(nearest_name("host", {}).empty());
    }

    TEST_CASE("a name of any length costs little") {
        CHECK(nearest_name(std::string(1'000'000, 'a'), names).empty());
    }
}
