#include "clips/pre_roll.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <cstdint>
#include <vector>

#include "unit/clips/stamped_frame.hpp"

using namespace onlooker;
using namespace std::chrono_literals;
using clips::PreRoll;
using test::captured_at;
using test::stamped_frame;

namespace {

std::vector<std::uint64_t> numbers(const PreRoll& ring, std::chrono::milliseconds since) {
    std::vector<std::uint64_t> all;
    for (const auto& frame : ring.since(captured_at(since)))
        all.push_back(frame->number());
    return all;
}

using Numbers = std::vector<std::uint64_t>;

}  // namespace

TEST_SUITE("the pre-roll of a camera") {
    TEST_CASE("is the frames of its time, and what is older makes room") {
        PreRoll ring;
        ring.limit({.time = 1s, .octets = 1'000'000});
        for (unsigned i = 0; i < 30; ++i)
            ring.add(stamped_frame({.number = i, .captured = i * 100ms}));
        CHECK(ring.frames() == 11);
        CHECK(numbers(ring, 2'700ms) == Numbers{27, 28, 29});
        CHECK(numbers(ring, 5s).empty());
        CHECK(numbers(ring, 0s).front() == 19);
    }

    TEST_CASE("is as many of them as its memory holds, however long that is") {
        PreRoll ring;
        ring.limit({.time = 1h, .octets = 100'000});
        for (unsigned i = 0; i < 10'000; ++i) {
            ring.add(stamped_frame({.number = i, .captured = i * 10ms, .octets = 10'000}));
            CHECK(ring.octets() <= 100'000);
        }
        CHECK(ring.frames() == 9);
        CHECK(numbers(ring, 0s).back() == 9'999);
        // Small ones have their price, too.
        for (unsigned i = 0; i < 1'000; ++i)
            ring.add(stamped_frame({.number = i, .captured = 100s + i * 10ms, .octets = 1}));
        CHECK(ring.frames() < 400);
    }

    TEST_CASE("keeps no frame that is larger than its memory") {
        PreRoll ring;
        ring.limit({.time = 1s, .octets = 500});
        ring.add(stamped_frame({}));
        CHECK(ring.frames() == 0);
        CHECK(ring.octets() == 0);
    }

    TEST_CASE("obeys another limit at once") {
        PreRoll ring;
        ring.limit({.time = 1s, .octets = 1'000'000});
        for (unsigned i = 0; i < 10; ++i)
            ring.add(stamped_frame({.number = i, .captured = i * 100ms}));
        ring.limit({.time = 200ms, .octets = 1'000'000});
        CHECK(numbers(ring, 0s) == Numbers{7, 8, 9});
        ring.limit({.time = 0ms, .octets = 0});
        CHECK(ring.frames() == 0);
    }
}
