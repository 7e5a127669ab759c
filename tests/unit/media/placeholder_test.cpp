#include "media/placeholder.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace onlooker::media {

namespace {

const Placeholder unplugged{
    .camera = "Front door",
    .title = "Unplugged",
    .sentence = "The camera was unplugged. Plug it in again; the picture comes back by itself.",
    .date = "2026-11-23",
    .time = "11:12:59",
    .next = "next try in 4 s",
    .mood = Placeholder::Mood::fault};

std::vector<std::byte> octets(const Canvas& canvas) {
    std::vector<std::byte> all;
    for (const Plane& plane : canvas.image().planes)
        all.insert(all.end(), plane.data.begin(), plane.data.end());
    return all;
}

std::vector<std::byte> drawn(unsigned width, unsigned height, const Placeholder& card) {
    Canvas canvas(width, height);
    draw(canvas, card);
    return octets(canvas);
}

// The luma that most of the card has: its ground.
std::uint8_t ground(Canvas& canvas) {
    return canvas.luma_row(0)[0];
}

bool border_is_clear(Canvas& canvas) {
    const auto clear = [&](std::uint8_t luma) { return luma == ground(canvas); };
    for (int y = 0; y < canvas.height(); ++y) {
        const auto row = canvas.luma_row(y);
        const bool edge = y == 0 || y == canvas.height() - 1;
        if (!clear(row.front()) || !clear(row.back()) || (edge && !std::ranges::all_of(row, clear)))
            return false;
    }
    return true;
}

int brightest(Canvas& canvas) {
    int most = 0;
    for (int y = 0; y < canvas.height(); ++y)
        most = std::max<int>(most, std::ranges::max(canvas.luma_row(y)));
    return most;
}

}  // namespace

TEST_SUITE("placeholder") {
    TEST_CASE("words stay off the edges at every size, and are there from 64 x 48 on") {
        Placeholder card = unplugged;
        for (const char* name : {"b", "Front door", "a camera with quite a long name of its own"}) {
            card.camera = name;
            for (unsigned width = 16; width <= 400; width += 23)
                for (unsigned height = 16; height <= 300; height += 19) {
                    CAPTURE(width);
                    CAPTURE(height);
                    Canvas canvas(width, height);
                    draw(canvas, card);
                    CHECK(border_is_clear(canvas));
                    if (width >= 64 && height >= 48)
                        CHECK(brightest(canvas) > 200);
                }
        }
    }

    TEST_CASE("the largest and the oddest sizes draw") {
        for (const auto& [width, height] : {std::pair{3840U, 2160U},
                                            {4096U, 16U},
                                            {16U, 4096U},
                                            {1U, 1U},
                                            {161U, 121U},
                                            {2U, 3000U}}) {
            Canvas canvas(width, height);
            draw(canvas, unplugged);
        }
        Canvas large(3840, 2160);
        draw(large, unplugged);
        CHECK(border_is_clear(large));
        CHECK(brightest(large) > 200);
    }

    TEST_CASE("each of its words changes what is seen at 160 x 120") {
        const auto before = drawn(160, 120, unplugged);
        const auto changed = [&](auto change) {
            Placeholder card = unplugged;
            change(card);
            return drawn(160, 120, card) != before;
        };
        CHECK(changed([](Placeholder& card) { card.camera = "Front d0or"; }));
        CHECK(changed([](Placeholder& card) { card.title = "No signal"; }));
        CHECK(changed([](Placeholder& card) { card.sentence.back() = '!'; }));
        CHECK(changed([](Placeholder& card) { card.time = "11:13:00"; }));
        CHECK(changed([](Placeholder& card) { card.next = "next try in 3 s"; }));
        CHECK(changed([](Placeholder& card) { card.mood = Placeholder::Mood::waiting; }));
        CHECK(drawn(160, 120, unplugged) == before);
    }

    TEST_CASE("the next card leaves nothing of the last one behind") {
        Canvas canvas(640, 480);
        Placeholder card = unplugged;
        card.sentence += card.sentence;
        card.camera = "another one";
        draw(canvas, card);
        draw(canvas, unplugged);
        CHECK(octets(canvas) == drawn(640, 480, unplugged));
    }

    TEST_CASE("a card of words without end, or without words, draws") {
        Placeholder card = unplugged;
        card.sentence = std::string(5000, 'W') + " " + std::string(5000, '\xff');
        card.camera = std::string(500, 'x');
        card.title = std::string(500, '-');
        Canvas canvas(320, 240);
        draw(canvas, card);
        CHECK(border_is_clear(canvas));
        draw(canvas, Placeholder{});
        CHECK(border_is_clear(canvas));
    }
}

}  // namespace onlooker::media
