#include "media/overlay_text.hpp"

#include <doctest/doctest.h>

#include <ctime>
#include <string>
#include <string_view>

#include "media/recipe.hpp"

using namespace onlooker::media;

namespace {

// 1 March 2024, 09:05:07 UTC, a Friday.
OverlayValues some_values() {
    OverlayValues values{.name = "Front door", .number = 4711};
    const std::time_t second = 1709283907;
    gmtime_r(&second, &values.time);
    return values;
}

std::string expanded(std::string_view text) {
    return expand_overlay_text(text, some_values());
}

bool contains(std::string_view text, std::string_view piece) {
    return text.find(piece) != std::string_view::npos;
}

}  // namespace

TEST_SUITE("the text of an overlay") {
    TEST_CASE("the name, the number and the time stand where the text has their words") {
        CHECK(expanded(default_overlay_text) == "Front door  2024-03-01 09:05:07");
        CHECK(expanded("{frame}: {name}") == "4711: Front door");
        CHECK(expanded("%A %d %B %Y, %R %Z %z") == "Friday 01 March 2024, 09:05 GMT +0000");
        CHECK(expanded("100%% {}") == "100% {}");
        CHECK(expanded("") == "");
    }

    TEST_CASE("what a name has in it is not expanded") {
        OverlayValues values = some_values();
        values.name = "%Y {frame}";
        CHECK(expand_overlay_text("{name}!", values) == "%Y {frame}!");
    }

    TEST_CASE("what is refused is harmless all the same") {
        CHECK(expanded("%Q %") == "%Q %");
        CHECK(expanded("{nam} {") == "{nam} {");
        std::string many;
        for (int i = 0; i < 100; ++i)
            many += "%c";
        CHECK(expanded(many).size() == longest_expanded_overlay);
    }

    TEST_CASE("each conversion that is known is taken, and writes something") {
        for (const char c : std::string_view("aAbBcCdDeFgGhHIjmMnprRSTuUVwWxXyYzZ%")) {
            const std::string text = {'%', c};
            CAPTURE(text);
            CHECK(check_overlay_text(text) == "");
            CHECK(!expanded(text).empty());
        }
    }

    TEST_CASE("a conversion or a word that is not known is told, with what was meant") {
        CHECK(check_overlay_text(default_overlay_text) == "");
        CHECK(contains(check_overlay_text("%Y-%Q"), "%Q is no date or time"));
        CHECK(contains(check_overlay_text("50%"), "% is no date or time"));
        CHECK(contains(check_overlay_text("%s"), "%s is no date or time"));
        CHECK(contains(check_overlay_text("%\xc3\xa9"), "%\xc3\xa9 is no date or time"));
        CHECK(contains(check_overlay_text("{nmae}"), "did you mean {name}?"));
        CHECK(contains(check_overlay_text("{temperature}"), "known are {name} and {frame}"));
        CHECK(check_overlay_text("{ } {a, {A} %% }{") == "");
    }

    TEST_CASE("text that is too long, no UTF-8, or has controls is refused") {
        CHECK(check_overlay_text(std::string(200, 'x')) == "");
        CHECK(contains(check_overlay_text(std::string(201, 'x')), "201 octets; it may have 200"));
        CHECK(check_overlay_text("one\ntwo") == "");
        CHECK(contains(check_overlay_text("a\tb"), "control character, \\x09"));
        CHECK(contains(check_overlay_text("a\xc2\x85"), "control character"));
        CHECK(check_overlay_text("\xef\xbf\xbd") == "");
        for (const std::string_view wrong :
             {"\xff", "a\xc3", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82", "\x80"})
            CHECK(contains(check_overlay_text(wrong), "no UTF-8"));
    }

    TEST_CASE("characters are taken out of UTF-8, and a broken one is replaced") {
        CHECK(characters_of("a\xc3\xa9\xe2\x82\xac\xf0\x9f\x90\x88") == U"a\u00e9\u20ac\U0001f408");
        CHECK(characters_of("\xe2\x82z\xff") == U"\uFFFD\uFFFDz\uFFFD");
    }
}
