#include "base/told_once.hpp"

#include <doctest/doctest.h>

#include <string>

using onlooker::ToldOnce;

TEST_SUITE("told once") {
    TEST_CASE("a subject is new once, until many others came after it") {
        ToldOnce told;
        CHECK(told.is_new("a"));
        CHECK(told.is_new(""));
        CHECK_FALSE(told.is_new("a"));
        for (int i = 0; i < 64; ++i)
            CHECK(told.is_new(std::to_string(i)));
        CHECK_FALSE(told.is_new("63"));
        CHECK(told.is_new("a"));
    }
}
