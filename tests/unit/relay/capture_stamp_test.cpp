#include "relay/capture_stamp.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

using onlooker::drivers::parse_capture_stamp;

namespace {

// Microseconds since 1970, or nothing.
std::optional<std::int64_t> micros(std::string_view text) {
    const auto time = parse_capture_stamp(text);
    if (!time)
        return std::nullopt;
    return std::chrono::floor<std::chrono::microseconds>(time->time_since_epoch()).count();
}

}  // namespace

TEST_SUITE("capture stamp") {
    TEST_CASE("reads seconds with any number of decimals") {
        CHECK(micros("1700000000.123456") == 1700000000123456);
        CHECK(micros("1700000000.5") == 1700000000500000);
        CHECK(micros("1700000000") == 1700000000000000);
        CHECK(micros("1700000000.123456789123") == 1700000000123456);
    }

    TEST_CASE("tells milliseconds, microseconds and nanoseconds by their number of digits") {
        CHECK(micros("1700000000123") == 1700000000123000);
        CHECK(micros("1700000000123456") == 1700000000123456);
        CHECK(micros("1700000000123456789") == 1700000000123456);
    }

    TEST_CASE("reads ISO 8601") {
        CHECK(micros("2023-11-14T22:13:20Z") == 1700000000000000);
        CHECK(micros("2023-11-14 22:13:20.25") == 1700000000250000);
        CHECK(micros("2023-11-15T00:13:20.5+02:00") == 1700000000500000);
        CHECK(micros("2023-11-14T20:13:20-0200") == 1700000000000000);
    }

    TEST_CASE("refuses what is no wall clock") {
        CHECK_FALSE(micros("12345.678901"));  // seconds since the camera was switched on
        CHECK_FALSE(micros("0.000000"));
        CHECK_FALSE(micros("9999999999999999999"));
    }

    TEST_CASE("refuses what is no time") {
        for (const std::string_view text :
             {"", ".", "-1700000000", "1700000000,5", "1700000000.x", "yesterday", "1e9",
              "2023-13-14T22:13:20Z", "2023-02-30T22:13:20Z", "2023-11-14T25:13:20Z",
              "2023-11-14T22:13:2", "2023-11-14T22:13:20+1", "2023-11-14T22:13:20+99:00",
              "2023-11-14T22-13-20Z"}) {
            CAPTURE(text);
            CHECK_FALSE(micros(text));
        }
    }
}
