#include "media/overlay_words.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

using namespace onlooker::media;

namespace {

std::string words(std::string_view key, std::string_view value) {
    Overlay overlay;
    return take_overlay_word(overlay, key, value);
}

Overlay taken(std::string_view key, std::string_view value) {
    Overlay overlay;
    CHECK(take_overlay_word(overlay, key, value) == "");
    return overlay;
}

bool contains(std::string_view text, std::string_view piece) {
    return text.find(piece) != std::string_view::npos;
}

}  // namespace

TEST_SUITE("words for an overlay") {
    TEST_CASE("yes means the usual words, no means none, and anything else is the text itself") {
        CHECK(taken("overlay", "1").text == default_overlay_text);
        CHECK(taken("overlay", "true").text == default_overlay_text);
        CHECK(taken("overlay", "0").text == "");
        CHECK(taken("overlay", "Gate %H:%M").text == "Gate %H:%M");
        CHECK(taken("overlay_zone", "Europe/Paris").zone == "Europe/Paris");
    }

    TEST_CASE("a corner may be written with either dash") {
        CHECK(taken("overlay_corner", "top-left").corner == Overlay::Corner::top_left);
        CHECK(taken("overlay_corner", "Bottom_Right").corner == Overlay::Corner::bottom_right);
        CHECK(contains(words("overlay_corner", "left"), "'left' is no corner"));
        for (const auto corner : {Overlay::Corner::top_left, Overlay::Corner::top_right,
                                  Overlay::Corner::bottom_left, Overlay::Corner::bottom_right})
            CHECK(taken("overlay_corner", name_of(corner)).corner == corner);
    }

    TEST_CASE("a colour is a name of CSS or hexadecimal digits") {
        CHECK(taken("overlay_colour", "orange").colour == 0xffa500);
        CHECK(taken("overlay_color", "WHITE").colour == 0xffffff);
        CHECK(taken("overlay_colour", "#1280fE").colour == 0x1280fe);
        CHECK(taken("overlay_colour", "1280fe").colour == 0x1280fe);
        CHECK(taken("overlay_colour", "#fa0").colour == 0xffaa00);
        CHECK(contains(words("overlay_colour", "yelow"), "did you mean yellow?"));
        CHECK(contains(words("overlay_colour", "#12345"), "is no colour"));
        CHECK(contains(words("overlay_colour", "#1234567"), "is no colour"));
        CHECK(contains(words("overlay_colour", "-12345"), "is no colour"));
        CHECK(contains(words("overlay_colour", ""), "is no colour"));
        CHECK(taken("overlay_colour", colour_digits(0x0000ff)).colour == 0x0000ff);
    }

    TEST_CASE("a size has limits, and what is refused changes nothing") {
        CHECK(taken("overlay_size", "6").size == 6);
        CHECK(taken("overlay_size", "6%").size == 6);
        for (const std::string_view wrong : {"0", "51", "-4", "big", "", "4.5"})
            CHECK(contains(words("overlay_size", wrong), "expected 1 to 50"));
        Overlay overlay;
        overlay.text = "kept";
        const Overlay before = overlay;
        take_overlay_word(overlay, "overlay_size", "900");
        CHECK(overlay == before);
    }

    TEST_CASE("only the keys of an overlay are taken") {
        CHECK(is_overlay_key("overlay"));
        CHECK(is_overlay_key("overlay_color"));
        CHECK(!is_overlay_key("overlays"));
        CHECK(!is_overlay_key(""));
        CHECK(contains(words("colour", "red"), "no key of an overlay"));
    }
}
