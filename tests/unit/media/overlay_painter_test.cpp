// With the program's own strokes; tests/unit/overlay has the same with a font.
#include "media/overlay_painter.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>

#include "media/overlay_layout.hpp"
#include "media/overlay_stamp.hpp"
#include "overlay_scene.hpp"

using namespace onlooker::media;
using Corner = Overlay::Corner;

namespace {

constexpr std::chrono::system_clock::time_point noon{std::chrono::seconds(1709294400)};

Overlay saying(std::string_view text, Corner corner = Corner::bottom_left) {
    Overlay overlay;
    overlay.text = text;
    overlay.corner = corner;
    overlay.zone = "UTC";
    return overlay;
}

struct Scene {
    OverlayFonts fonts{{}};
    OverlayPainter painter{fonts};

    Planes painted(const Planes& before, const Overlay& overlay, std::uint64_t number = 1,
                   std::chrono::seconds later = {}) {
        Planes picture = before;
        painter.paint(picture, overlay,
                      {.title = "Front door", .number = number, .wall = noon + later});
        return picture;
    }
};

OverlayLayout strokes() {
    return OverlayLayout(make_stroke_typeface());
}

}  // namespace

TEST_SUITE("the painter of overlays, in strokes") {
    TEST_CASE("words stand in the corner that was chosen, and nothing else changes") {
        Scene scene;
        const Planes before = plain_planes(640, 360, ChromaGrid::s420, 128);
        for (const Corner corner :
             {Corner::top_left, Corner::top_right, Corner::bottom_left, Corner::bottom_right}) {
            const Changed box = changed(before, scene.painted(before, saying("Gate 7", corner)));
            CAPTURE(int(corner));
            const bool is_right = corner == Corner::top_right || corner == Corner::bottom_right;
            const bool is_low = corner == Corner::bottom_left || corner == Corner::bottom_right;
            REQUIRE(box.count > 0);
            CHECK(box.bottom - box.top < 30);
            CHECK(box.right - box.left < 160);
            CHECK((is_right ? 640 - box.right : box.left) < 12);
            CHECK((is_low ? 360 - box.bottom : box.top) < 12);
        }
    }

    TEST_CASE("every grid of chroma, odd sizes and pictures of a few pixels can be written on") {
        Scene scene;
        for (const ChromaGrid grid : {ChromaGrid::grey, ChromaGrid::s420, ChromaGrid::s422,
                                      ChromaGrid::s440, ChromaGrid::s444}) {
            for (const unsigned side : {1u, 2u, 15u, 16u, 17u, 33u, 101u}) {
                const Planes before = noise_planes(side * 3 / 2, side, grid);
                for (const Corner corner : {Corner::top_left, Corner::bottom_right}) {
                    Overlay overlay = saying("gr\xc3\xbc\xc3\x9f", corner);
                    overlay.size = 50;
                    const Planes after = scene.painted(before, overlay);
                    for (std::size_t plane = 0; plane < 3; ++plane)
                        CHECK(after.planes[plane].samples.size() ==
                              before.planes[plane].samples.size());
                    if (side < 12)
                        CHECK(changed(before, after).count == 0);
                }
            }
            const Planes before = plain_planes(101, 77, grid, 200);
            CHECK(changed(before, scene.painted(before, saying("7", Corner::top_left))).count > 50);
        }
    }

    TEST_CASE("the words are those of the frame: its second, and its number where it is shown") {
        using namespace std::chrono_literals;
        Scene scene;
        const Planes before = plain_planes(640, 360, ChromaGrid::s420, 128);
        const auto differ = [](const Planes& a, const Planes& b) {
            return changed(a, b).count > 0;
        };
        const Overlay clock = saying("%S"), counter = saying("{frame}");
        CHECK(differ(scene.painted(before, clock, 1, 0s), scene.painted(before, clock, 2, 1s)));
        CHECK(!differ(scene.painted(before, clock, 1, 0s), scene.painted(before, clock, 2, 0s)));
        CHECK(!differ(scene.painted(before, clock, 1, 0s), scene.painted(before, clock, 2, 60s)));
        CHECK(differ(scene.painted(before, counter, 1), scene.painted(before, counter, 2)));
        CHECK(
            !differ(scene.painted(before, counter, 1, 0s), scene.painted(before, counter, 1, 5s)));
    }

    TEST_CASE("no text leaves the picture as it is") {
        Scene scene;
        const Planes before = noise_planes(64, 64, ChromaGrid::s444);
        CHECK(changed(before, scene.painted(before, Overlay{})).count == 0);
        CHECK(changed(before, scene.painted(before, saying("\n"))).count == 0);
    }

    TEST_CASE("one painter serves many overlays and sizes") {
        Scene scene;
        for (unsigned round = 0; round < 3; ++round)
            for (unsigned width = 100; width < 130; ++width) {
                const Planes before = plain_planes(width, 60, ChromaGrid::s422, 90);
                CHECK(changed(before, scene.painted(before, saying("{frame}"), width)).count > 0);
            }
    }

    TEST_CASE("what is wrong with an overlay is said before it is painted") {
        OverlayFonts fonts{{}};
        Overlay overlay = saying("%Q");
        CHECK(OverlayPainter::check(overlay, fonts).find("%Q") != std::string::npos);
        CHECK(OverlayPainter::check(saying("{name}"), fonts) == "");
        overlay = saying("{name}");
        overlay.zone = "Europe/Berln";
        CHECK(OverlayPainter::check(overlay, fonts) != "");
        overlay.zone = "";
        CHECK(OverlayPainter::check(overlay, fonts) == "");
    }
}

TEST_SUITE("the lines of an overlay") {
    TEST_CASE("lines are broken between words and cut where there is no room") {
        OverlayLayout layout = strokes();
        const OverlayLayout::Room room{.line = 20, .width = 150, .most_lines = 3};
        using Lines = std::vector<std::u32string>;
        CHECK(layout.lines_of("one two", room) == Lines{U"one two"});
        CHECK(layout.lines_of("one\ntwo\n", room) == Lines{U"one", U"two", U""});
        const Lines wrapped = layout.lines_of("the quick brown fox", room);
        CHECK(wrapped.size() == 2);
        CHECK(wrapped[0].size() + wrapped[1].size() + 1 == 19);
        const Lines cut = layout.lines_of(
            "a b c d e f g h i j k l m n o p q r s t u v w x y z "
            "a b c d e f g h i j k l m n o p q r s t u v w x y z",
            room);
        CHECK(cut.size() == 3);
        CHECK(cut.back().ends_with(U"..."));
    }

    TEST_CASE("a word that is longer than a line is cut") {
        OverlayLayout layout = strokes();
        const OverlayLayout::Room room{.line = 20, .width = 150, .most_lines = 3};
        const auto lines = layout.lines_of("Donaudampfschifffahrtsgesellschaft at 7", room);
        REQUIRE(lines.size() == 2);
        CHECK(lines[0].starts_with(U"Donau"));
        CHECK(lines[0].ends_with(U"..."));
        CHECK(lines[1] == U"at 7");
    }

    TEST_CASE("what is left of a line is never wider than its room") {
        OverlayLayout layout = strokes();
        for (int width = 0; width < 200; width += 7)
            for (const std::string_view text :
                 {"x", "a long line of words", "onewordandnotmore", "  spaces  ", "\n\n\n\n"}) {
                const Coverage shape =
                    layout.set(text, {.line = 16, .width = width, .most_lines = 2});
                CHECK(shape.width <= width);
                CHECK(shape.height <= 32);
            }
    }
}

TEST_SUITE("the contrast of an overlay") {
    // Words that fill a square, so that letters and ground can be told apart by their place.
    double contrast(std::uint32_t colour, Planes picture) {
        Coverage words{.width = 40, .height = 20, .values = {}};
        for (int at = 0; at < 800; ++at)
            words.values.push_back(at % 40 < 20 ? 255 : 0);
        const OverlayStamp stamp(words, {.colour = colour, .padding = 0, .corner = 0}, 8, 8,
                                 picture);
        stamp.apply(picture);
        double letters = 0, least = 100;
        letters = luminance_at(picture, 16, 16);
        for (unsigned y = 10; y < 26; ++y)
            for (unsigned x = 30; x < 46; ++x) {
                const double ground = luminance_at(picture, x, y);
                least = std::min(
                    least, (std::max(letters, ground) + 0.05) / (std::min(letters, ground) + 0.05));
            }
        return least;
    }

    TEST_CASE("letters of every colour can be read on black, white, grey, colour and noise") {
        for (const ChromaGrid grid : {ChromaGrid::s420, ChromaGrid::s444, ChromaGrid::grey}) {
            for (const std::uint32_t colour :
                 {0xffffffu, 0x000000u, 0xffff00u, 0xff0000u, 0x0000ffu, 0x00ff00u, 0x808080u,
                  0x777777u, 0xffa500u, 0x800080u}) {
                CAPTURE(colour);
                CAPTURE(int(grid));
                for (const int luma : {0, 64, 128, 192, 255})
                    CHECK(contrast(colour, plain_planes(64, 40, grid,
                                                        static_cast<std::uint8_t>(luma))) >= 3.9);
                // With samples by chance there are colours that no picture has, of more light.
                CHECK(contrast(colour, noise_planes(64, 40, grid)) >= 3.5);
            }
        }
        // The usual one.
        CHECK(contrast(0xffffff, plain_planes(64, 40, ChromaGrid::s420, 255)) >= 4.5);
        CHECK(contrast(0xffffff, noise_planes(64, 40, ChromaGrid::grey)) >= 4.5);
    }
}
