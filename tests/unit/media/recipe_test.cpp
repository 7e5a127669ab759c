#include "media/recipe.hpp"

#include <doctest/doctest.h>

#include <string>

#include "media/orientation.hpp"

using namespace onlooker::media;

namespace {

Recipe with(auto change) {
    Recipe recipe;
    change(recipe);
    return recipe;
}

std::string settled(auto change, unsigned width = 1280, unsigned height = 720) {
    return to_string(resolved(with(change), width, height));
}

}  // namespace

TEST_SUITE("recipe") {
    TEST_CASE("a size becomes the smallest step that has it, and never more than the source") {
        CHECK(settled([](Recipe& r) { r.fit_width = 640; }) == "scale=1/2");
        CHECK(settled([](Recipe& r) { r.fit_width = 641; }) == "scale=5/8");
        CHECK(settled([](Recipe& r) { r.fit_width = 1; }) == "scale=1/8");
        CHECK(settled([](Recipe& r) { r.fit_width = 1280; }).empty());
        CHECK(settled([](Recipe& r) { r.fit_width = 4'000'000'000U; }).empty());
        CHECK(settled([](Recipe& r) { r.fit_height = 180; }) == "scale=1/4");
        // Half of 1279 is rounded up.
        CHECK(settled([](Recipe& r) { r.fit_width = 640; }, 1279, 720) == "scale=1/2");
        CHECK(settled([](Recipe& r) {
                  r.fit_width = 640;
                  r.fit_height = 180;
              }) == "scale=1/4");
        CHECK(settled([](Recipe& r) {
                  r.fit_width = 640;
                  r.eighths = 2;
              }) == "scale=1/4");
    }

    TEST_CASE("of a few pixels a part may be all of them") {
        CHECK(settled([](Recipe& r) { r.eighths = 1; }, 1, 1).empty());
        CHECK(settled([](Recipe& r) { r.eighths = 7; }, 5, 3).empty());
        CHECK(settled([](Recipe& r) { r.eighths = 6; }, 5, 3) == "scale=3/4");
        CHECK(settled([](Recipe& r) { r.fit_height = 1; }, 1280, 1) == "scale=1/8");
        CHECK(settled([](Recipe& r) {
                  r.crop = {.x = 3, .y = 3, .width = 1, .height = 1};
                  r.eighths = 4;
              }) == "crop=3,3,1,1");
    }

    TEST_CASE("what is settled stays as it is") {
        for (const PictureSize size :
             {PictureSize{1280, 720}, PictureSize{17, 33}, PictureSize{1, 1}})
            for (unsigned wanted = 1; wanted < 40; ++wanted) {
                const Recipe once = resolved(with([wanted](Recipe& r) {
                                                 r.fit_width = wanted;
                                                 r.crop = {wanted / 2, 3, wanted, 7};
                                                 r.quality = wanted;
                                                 r.turn = Turn::left;
                                             }),
                                             size.width, size.height);
                CHECK(resolved(once, size.width, size.height) == once);
            }
    }

    TEST_CASE("a size is that of the picture as it is shown: turned, and of its part") {
        CHECK(settled([](Recipe& r) {
                  r.fit_width = 360;
                  r.turn = Turn::right;
              }) == "rotate=90&scale=1/2");
        CHECK(settled([](Recipe& r) {
                  r.crop = {.x = 0, .y = 0, .width = 400, .height = 300};
                  r.fit_width = 200;
              }) == "crop=0,0,400,300&scale=1/2");
    }

    TEST_CASE("what depends on a size that is not known stays as it is") {
        CHECK(settled([](Recipe& r) { r.fit_width = 640; }, 0, 0) == "width=640");
        CHECK(settled([](Recipe& r) { r.crop = {.x = 5000, .y = 0, .width = 9, .height = 9}; }, 0,
                      0) == "crop=5000,0,9,9");
    }

    TEST_CASE("a part lies within the source, and all of it is no part") {
        CHECK(settled([](Recipe& r) { r.crop = {.x = 1200, .y = 0, .width = 200, .height = 9}; }) ==
              "crop=1200,0,80,9");
        CHECK(settled([](Recipe& r) {
                  r.crop = {.x = 9000, .y = 9000, .width = 9, .height = 9};
              }) == "crop=1279,719,1,1");
        CHECK(settled([](Recipe& r) {
                  r.crop = {.x = 0, .y = 0, .width = 9000, .height = 720};
              }).empty());
    }

    TEST_CASE("a quality is one of nineteen") {
        CHECK(settled([](Recipe& r) { r.quality = 1; }) == "quality=5");
        CHECK(settled([](Recipe& r) { r.quality = 62; }) == "quality=60");
        CHECK(settled([](Recipe& r) { r.quality = 63; }) == "quality=65");
        CHECK(settled([](Recipe& r) { r.quality = 100; }) == "quality=95");
    }

    TEST_CASE("without loss is a word about a turn, a part or grey") {
        CHECK(settled([](Recipe& r) { r.lossless = true; }).empty());
        CHECK(settled([](Recipe& r) { r.lossless = r.grey = true; }) == "grey=1");
        CHECK(settled([](Recipe& r) { r.lossless = r.grey = r.mirror = true; }) ==
              "flip=h&grey=1&lossless=1");
        CHECK(settled([](Recipe& r) {
                  r.lossless = r.grey = true;
                  r.quality = 50;
              }) == "grey=1&quality=50");
    }

    TEST_CASE("an orientation alone can be said instead of done") {
        CHECK(resolved(with([](Recipe& r) { r.by_exif = r.mirror = true; }), 0, 0).by_exif);
        CHECK_FALSE(
            resolved(with([](Recipe& r) { r.by_exif = r.mirror = r.grey = true; }), 0, 0).by_exif);
        CHECK(resolved(with([](Recipe& r) { r.by_exif = true; }), 0, 0).is_plain());
    }

    TEST_CASE("words are part of it, and cannot end the query that asks for them") {
        CHECK(settled([](Recipe& r) { r.overlay.text = "a&b=ü %H"; }) ==
              "overlay=a%26b%3D%C3%BC%20%25H");
        CHECK(settled([](Recipe& r) {
                  r.overlay.text = std::string(default_overlay_text);
                  r.overlay.corner = Overlay::Corner::top_right;
                  r.overlay.zone = "Europe/Paris";
              }) == "overlay=1&overlay_corner=top-right&overlay_zone=Europe%2FParis");
        CHECK(settled([](Recipe& r) { r.overlay.zone = "Europe/Paris"; }).empty());
    }

    TEST_CASE("the eight ways to lay a picture follow each other and are taken back") {
        for (unsigned one = 1; one <= 8; ++one) {
            CHECK(orientation_of(lay_of(one)) == one);
            CHECK(then(lay_of(one), inverse(lay_of(one))).is_plain());
            for (unsigned other = 1; other <= 8; ++other) {
                // Where a corner of a picture comes to lie by both ways.
                const Recipe::Crop corner{.x = 0, .y = 0, .width = 1, .height = 1};
                const PictureSize size{3, 2};
                const auto first = laid(corner, lay_of(one), size);
                const auto both = laid(first, lay_of(other), laid(size, lay_of(one)));
                CHECK(both == laid(corner, then(lay_of(one), lay_of(other)), size));
            }
        }
        CHECK(lay_of(0).is_plain());
        CHECK(lay_of(9).is_plain());
    }
}
