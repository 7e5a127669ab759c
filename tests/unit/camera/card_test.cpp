#include "camera/card.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "support/cranked_time.hpp"
#include "support/fake_capture_context.hpp"

namespace onlooker::camera {

namespace {

using test::FakeCaptureContext;

CardDriver::Words words(unsigned width, unsigned height) {
    return {.camera = "bed",
            .kind = ErrorKind::unplugged,
            .sentence = "The camera was unplugged.",
            .retry_at = std::nullopt,
            .width = width,
            .height = height};
}

std::pair<unsigned, unsigned> size_of_card(unsigned width, unsigned height) {
    FakeCaptureContext context;
    CardDriver driver(words(width, height));
    auto cards = driver.frames(context);
    const Captured* card = cards.next();
    REQUIRE(card != nullptr);
    const auto& image = std::get<media::RawImage>(card->picture);
    return {image.width, image.height};
}

std::vector<std::byte> luma_of(const Captured* card) {
    REQUIRE(card != nullptr);
    const auto luma = std::get<media::RawImage>(card->picture).planes[0].data;
    return {luma.begin(), luma.end()};
}

std::vector<std::byte> luma_of_card(const CardDriver::Words& words) {
    FakeCaptureContext context;
    CardDriver driver(words);
    auto cards = driver.frames(context);
    return luma_of(cards.next());
}

}  // namespace

TEST_SUITE("card") {
    TEST_CASE("has the size of the camera, even, and within what can be read and encoded") {
        CHECK(size_of_card(640, 480) == std::pair{640U, 480U});
        CHECK(size_of_card(641, 481) == std::pair{640U, 480U});
        CHECK(size_of_card(1, 0) == std::pair{160U, 120U});
        CHECK(size_of_card(100'000, 100'000) == std::pair{3840U, 2160U});
    }

    TEST_CASE("comes at once, stamped with now, and ends when it is stopped") {
        FakeCaptureContext context;
        CardDriver driver(words(160, 120));
        auto cards = driver.frames(context);
        const auto before = SteadyClock::now();
        const Captured* card = cards.next();
        REQUIRE(card != nullptr);
        REQUIRE(card->captured);
        CHECK(*card->captured >= before);
        CHECK(*card->captured <= SteadyClock::now());
        CHECK(card->lost == 0);
        context.request_stop();
        CHECK(cards.next() == nullptr);
        CHECK(driver.nominal_rate() == 1);
    }

    TEST_CASE("says when the camera is tried again") {
        CardDriver::Words soon = words(320, 240);
        soon.retry_at = SteadyClock::now() + std::chrono::hours(1);
        CHECK(luma_of_card(soon) != luma_of_card(words(320, 240)));
    }

    TEST_CASE("says it anew when that time has moved") {
        using namespace std::chrono_literals;
        const auto now = SteadyClock::now();
        const auto second_card = [now](std::chrono::seconds wait) {
            test::CrankedTime time;
            test::CrankedContext context(time);
            CardDriver::Words tried = words(320, 240);
            tried.retry_at = now;
            CardDriver driver(tried);
            auto cards = driver.frames(context);
            cards.next();
            driver.set_retry_at(now + wait);
            return luma_of(cards.next());
        };
        CHECK(second_card(0s) != second_card(100h));
    }

    TEST_CASE("has a title for every kind, each another") {
        std::set<std::string_view> titles{card_title(std::nullopt)};
        for (const ErrorKind kind :
             {ErrorKind::not_found, ErrorKind::busy, ErrorKind::no_permission, ErrorKind::unplugged,
              ErrorKind::no_signal, ErrorKind::failed})
            titles.insert(card_title(kind));
        CHECK(titles.size() == 7);
        CHECK(card_title(std::nullopt) == "Starting");
        CHECK(card_title(ErrorKind::busy) == "In use elsewhere");
    }
}

}  // namespace onlooker::camera
