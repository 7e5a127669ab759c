#include "endpoints/viewer_count.hpp"

#include <asio/ip/address.hpp>
#include <doctest/doctest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>

using namespace onlooker::endpoints;
using Place = ViewerCount::Place;

namespace {

const auto here = asio::ip::make_address("192.0.2.7");
const auto there = asio::ip::make_address("192.0.2.8");

std::shared_ptr<ViewerCount> allowing(const ViewerLimits& limits) {
    auto count = std::make_shared<ViewerCount>();
    count->allow(limits);
    return count;
}

bool says(const std::string& sentence, const char* words) {
    return sentence.find(words) != std::string::npos;
}

}  // namespace

TEST_SUITE("the count of viewers") {
    TEST_CASE("without a limit there is room for any number") {
        const auto count = allowing({});
        const Place one(count, "yard", here);
        const Place two(count, "yard", here);
        CHECK(count->now() == 2);
        CHECK(count->full_for("yard", here).empty());
    }

    TEST_CASE("one viewer more than all may be hears of that limit, and comes in once one left") {
        const auto count = allowing({.total = 2});
        const Place one(count, "yard", here);
        std::optional<Place> two(std::in_place, count, "door", there);
        CHECK(says(count->full_for("attic", here), "2 (--max-viewers)"));
        two.reset();
        CHECK(count->full_for("attic", here).empty());
    }

    TEST_CASE("each camera has its own count, and may have its own limit") {
        const auto count = allowing({.per_camera = 1, .of_camera = {{"door", 2}, {"attic", 0}}});
        const Place yard(count, "yard", here);
        const Place door(count, "door", here);
        const Place attic(count, "attic", here);
        CHECK(says(count->full_for("yard", there),
                   "Camera yard has as many viewers as it may have: 1 (--max-viewers-per-camera)"));
        CHECK(count->full_for("door", here).empty());
        CHECK(count->full_for("attic", here).empty());
        const Place door_again(count, "door", here);
        CHECK(says(count->full_for("door", there), "2 (its max_viewers)"));
    }

    TEST_CASE("an address is counted over all cameras, and a /64 of IPv6 is one") {
        const auto count = allowing({.per_address = 1});
        const Place one(count, "yard", here);
        const Place two(count, "yard", asio::ip::make_address("2001:db8::1"));
        CHECK(says(count->full_for("door", here), "1 (--max-viewers-per-address)"));
        CHECK(count->full_for("door", there).empty());
        CHECK_FALSE(count->full_for("door", asio::ip::make_address("2001:db8::2")).empty());
        CHECK(count->full_for("door", asio::ip::make_address("2001:db8:0:1::1")).empty());
    }

    TEST_CASE("a limit that comes later counts those who were there before") {
        const auto count = allowing({});
        const Place one(count, "yard", here);
        std::optional<Place> two(std::in_place, count, "yard", here);
        count->allow({.per_camera = 1, .per_address = 1});
        CHECK_FALSE(count->full_for("yard", there).empty());
        CHECK_FALSE(count->full_for("door", here).empty());
        two.reset();
        CHECK_FALSE(count->full_for("yard", there).empty());
    }

    TEST_CASE("whoever asks to be told hears of each that comes and goes") {
        const auto count = allowing({});
        std::string heard;
        count->on_change([&] { heard += std::to_string(count->now()); });
        {
            const Place one(count, "yard", here);
            const Place two(count, "yard", here);
        }
        CHECK(heard == "1210");
    }
}
