#include "base/fnv1a.hpp"

#include <doctest/doctest.h>

using onlooker::fnv1a;

TEST_SUITE("FNV-1a") {
    TEST_CASE("agrees with its authors' test vectors, octets above 127 included") {
        CHECK(fnv1a("") == 0xcbf29ce484222325);
        CHECK(fnv1a("a") == 0xaf63dc4c8601ec8c);
        CHECK(fnv1a("foobar") == 0x85944171f73967e8);
        CHECK(fnv1a("\xff") != fnv1a("\x7f"));
    }
}
