#include "media/lettering.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "media/font.hpp"

namespace onlooker::media {

namespace {

std::vector<char32_t> characters_of(std::string_view text) {
    std::vector<char32_t> characters;
    while (!text.empty())
        characters.push_back(take_character(text));
    return characters;
}

std::string joined(const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines)
        text += (text.empty() ? "" : " ") + line;
    return text;
}

// How many pixels of a row or column are not as they were.
int lit(Canvas& canvas, const Rectangle& area) {
    int count = 0;
    for (int y = area.y; y < area.y + area.height; ++y) {
        const auto row = canvas.luma_row(y).subspan(static_cast<std::size_t>(area.x),
                                                    static_cast<std::size_t>(area.width));
        count += static_cast<int>(std::ranges::count_if(row, [](auto luma) { return luma != 0; }));
    }
    return count;
}

constexpr std::string_view sentence =
    "The camera /dev/video0 was unplugged. Plug it in again; the picture comes back by itself.";

}  // namespace

TEST_SUITE("font") {
    TEST_CASE("every printable character of ASCII has strokes of its own, on the grid") {
        std::set<std::string_view> paths;
        for (char32_t character = U'!'; character <= U'~'; ++character) {
            CAPTURE(static_cast<int>(character));
            const Glyph glyph = glyph_of(character);
            CHECK(paths.insert(glyph_path(character)).second);
            REQUIRE(!glyph.strokes.empty());
            CHECK(glyph.width >= 0);
            CHECK(glyph.width <= cap_steps);
            for (const Glyph::Stroke& stroke : glyph.strokes) {
                REQUIRE(!stroke.empty());
                for (const GridPoint& point : stroke) {
                    CHECK(point.x >= 0);
                    CHECK(point.x <= cap_steps);
                    CHECK(point.y >= 0);
                    CHECK(point.y <= cap_steps + descent_steps);
                }
            }
        }
        CHECK(paths.size() == 94);
    }

    TEST_CASE("a space has width and nothing to draw") {
        CHECK(glyph_of(U' ').strokes.empty());
        CHECK(glyph_of(U' ').width > 0);
    }

    TEST_CASE("what is not ASCII is a box") {
        for (const char32_t character :
             {U'\0', U'\n', U'\x7f', U'\u00e4', U'\uFFFD', U'\U0001F4F7'})
            CHECK(glyph_path(character) == glyph_path(U'\uFFFD'));
        CHECK(glyph_path(U'?') != glyph_path(U'\uFFFD'));
    }

    TEST_CASE("all digits are of one width, so that a clock stands still") {
        for (char32_t digit = U'0'; digit <= U'9'; ++digit)
            CHECK(glyph_of(digit).width == digit_steps);
    }

    TEST_CASE("each character of UTF-8 is one, and so is each octet that is none") {
        CHECK(characters_of("ab") == std::vector<char32_t>{U'a', U'b'});
        CHECK(characters_of("K\xc3\xbc"
                            "che")
                  .size() == 5);                                // two octets
        CHECK(characters_of("\xe2\x82\xac!").size() == 2);      // three
        CHECK(characters_of("\xf0\x9f\x93\xb7!").size() == 2);  // four
        CHECK(characters_of("\x80\xbf").size() == 2);           // continuations without a lead
        CHECK(characters_of("\xc3").size() == 1);               // cut short
        CHECK(characters_of("\xe2\x82").size() == 1);
        CHECK(characters_of("\xc3"
                            "A") == std::vector<char32_t>{U'\uFFFD', U'A'});
        CHECK(characters_of("\xff\xc0 ").size() == 3);
    }
}

TEST_SUITE("lettering") {
    TEST_CASE("text is drawn where it says, and not beyond") {
        for (const double size : {1.0, 1.5, 2.0, 3.7, 9.0}) {
            CAPTURE(size);
            Lettering lettering(size);
            const std::string text = "Agjy|0#W";
            const int width = lettering.width_of(text);
            const int bottom = lettering.cap_height() + lettering.descent();
            Canvas canvas(static_cast<unsigned>(width + 40), static_cast<unsigned>(bottom + 40));
            lettering.draw(canvas, 20, 20, text, rgb(255, 255, 255));
            CHECK(lit(canvas, {20, 20, width, bottom}) > 0);
            CHECK(lit(canvas, {0, 0, canvas.width(), 20}) == 0);
            CHECK(lit(canvas, {0, 0, 20, canvas.height()}) == 0);
            CHECK(lit(canvas, {21 + width, 0, 19, canvas.height()}) == 0);
            CHECK(lit(canvas, {0, 21 + bottom, canvas.width(), 19}) == 0);
        }
    }

    TEST_CASE("at the smallest size strokes are one sharp pixel wide") {
        Lettering lettering(1);
        Canvas canvas(12, 12);
        lettering.draw(canvas, 2, 2, "I", rgb(255, 255, 255));
        CHECK(canvas.luma_row(5)[1] == 0);
        CHECK(canvas.luma_row(5)[2] == 255);
        CHECK(canvas.luma_row(5)[3] == 0);
        CHECK(lettering.cap_height() == 7);
    }

    TEST_CASE("a text that fits is not shortened, one that does not ends in dots and fits") {
        Lettering lettering(2);
        const int width = lettering.width_of("Front door");
        CHECK(lettering.shortened("Front door", width) == "Front door");
        const std::string shorter = lettering.shortened("Front door", width - 1);
        CHECK(shorter.starts_with("Front d"));
        CHECK(shorter.ends_with("..."));
        CHECK(lettering.width_of(shorter) <= width);
        CHECK(lettering.shortened("Front door", 0) == "...");
    }

    TEST_CASE("shortening never cuts a character of UTF-8 in two") {
        Lettering lettering(1);
        std::string text;
        for (int i = 0; i < 20; ++i)
            text += "\xe2\x82\xac";
        std::string shorter = lettering.shortened(text, 50);
        REQUIRE(shorter.ends_with("..."));
        shorter.resize(shorter.size() - 3);
        CHECK(shorter.size() % 3 == 0);
        CHECK(!shorter.empty());
    }

    TEST_CASE("wrapped lines fit and keep every word in its order") {
        Lettering lettering(1);
        for (int width = 60; width < 600; width += 7) {
            CAPTURE(width);
            const auto lines = lettering.wrapped(sentence, width, 100);
            CHECK(joined(lines) == sentence);
            for (const std::string& line : lines)
                CHECK(lettering.width_of(line) <= width);
        }
    }

    TEST_CASE("what has no room is marked with dots, and what is there is the beginning") {
        Lettering lettering(1);
        for (std::size_t most = 1; most < 6; ++most) {
            CAPTURE(most);
            const auto lines = lettering.wrapped(sentence, 100, most);
            REQUIRE(lines.size() <= most);
            std::string shown = joined(lines);
            if (shown == sentence)
                continue;
            REQUIRE(shown.ends_with("..."));
            shown.resize(shown.size() - 3);
            CHECK(sentence.starts_with(shown));
            for (const std::string& line : lines)
                CHECK(lettering.width_of(line) <= 100);
        }
        CHECK(lettering.wrapped(sentence, 100, 0).empty());
    }

    TEST_CASE("a word longer than a line is broken inside and loses nothing") {
        Lettering lettering(1);
        const std::string path(90, 'x');
        const auto lines = lettering.wrapped("see " + path + " now", 80, 100);
        std::string all;
        for (const std::string& line : lines) {
            CHECK(lettering.width_of(line) <= 80);
            all += line;
        }
        CHECK(std::ranges::count(all, 'x') == 90);
        CHECK(lines.back().ends_with("now"));
    }

    TEST_CASE("a width of nothing still comes to an end") {
        Lettering lettering(5);
        CHECK(lettering.wrapped("ab c", 0, 10) == std::vector<std::string>{"a", "b", "c"});
        CHECK(lettering.wrapped("   \t\n ", 100, 10).empty());
    }
}

}  // namespace onlooker::media
