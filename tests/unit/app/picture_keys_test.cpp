#include "app/picture_keys.hpp"

#include <doctest/doctest.h>

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "app/camera_spec.hpp"
#include "camera/driver.hpp"
#include "media/recipe.hpp"

using namespace onlooker;
using app::CameraKeys;
using app::parse_camera;
using app::split_keys;
using app::ValueError;
using media::Turn;

namespace {

// Of a driver that has the options `size` and `rotate`, or of one that has none.
camera::DriverEntry able() {
    return {.name = "able",
            .summary = {},
            .make = {},
            .options = {{.name = "size", .placeholder = {}, .meaning = {}},
                        {.name = "rotate", .placeholder = {}, .meaning = {}}}};
}

CameraKeys split(const std::string& spec, const camera::DriverEntry& driver = {}) {
    return split_keys(parse_camera(spec), driver);
}

std::string refusal(const std::string& spec) {
    try {
        (void)split(spec);
    } catch (const ValueError& error) {
        return error.what();
    }
    return "not refused";
}

}  // namespace

TEST_SUITE("keys of a picture") {
    TEST_CASE("say what is done to it before anybody is sent it") {
        CHECK(split("d").recipe.is_plain());
        CHECK(split("d,rotate=90").recipe.turn == Turn::right);
        CHECK(split("d,rotate=-90").recipe.turn == Turn::left);
        CHECK(split("d,grey=1").recipe.grey);
        CHECK(split("d,gray=yes").recipe.grey);
        CHECK(split("d,scale=1/2").recipe.eighths == 4);
        CHECK(split("d,size=640x480").recipe.fit_width == 640);
        CHECK(split("d,size=640x480").recipe.fit_height == 480);
        CHECK(split("d,lossless=1,rotate=180").recipe.lossless);
        const auto recipe = split("d,overlay=Door,overlay_corner=top-right").recipe;
        CHECK(recipe.overlay.text == "Door");
        CHECK(recipe.overlay.corner == media::Overlay::Corner::top_right);
        CHECK(split("d,overlay_corner=top-right").recipe.is_plain());
    }

    TEST_CASE("turn first and flip then") {
        CHECK(split("d,flip=h").recipe.mirror);
        CHECK(split("d,flip=h").recipe.turn == Turn::none);
        CHECK(split("d,flip=v").recipe.mirror);
        CHECK(split("d,flip=v").recipe.turn == Turn::half);
        CHECK(split("d,flip=v,rotate=90").recipe.turn == Turn::left);
        CHECK_FALSE(split("d,flip=hv").recipe.mirror);
        CHECK(split("d,flip=hv").recipe.turn == Turn::half);
    }

    TEST_CASE("take a crop with colons, or with commas that are escaped") {
        const media::Recipe::Crop crop{10, 20, 320, 240};
        CHECK(split("d,crop=10:20:320:240").recipe.crop == crop);
        CHECK(split("d,crop=10\\,20\\,320\\,240").recipe.crop == crop);
    }

    TEST_CASE("belong to the driver where it has them itself") {
        const CameraKeys keys = split("able,size=640x480,rotate=90,flip=h,gain=3", able());
        CHECK(keys.values == std::map<std::string, std::string>{
                                 {"gain", "3"}, {"rotate", "90"}, {"size", "640x480"}});
        CHECK(keys.recipe.mirror);
        CHECK(keys.recipe.turn == Turn::none);
        CHECK(keys.recipe.fit_width == 0);
    }

    TEST_CASE("leave the control of that name to ctrl.") {
        const CameraKeys keys = split("d,rotate=90,ctrl.rotate=180");
        CHECK(keys.values == std::map<std::string, std::string>{{"ctrl.rotate", "180"}});
        CHECK(keys.recipe.turn == Turn::right);
    }

    TEST_CASE("are refused in words") {
        CHECK(refusal("d,rotate=45") ==
              "rotate=45: expected 90, 180 or 270 degrees, clockwise, or -90");
        CHECK(refusal("d,flip=x").find("flip=x: expected h (left for right)") == 0);
        CHECK(refusal("d,crop=1:2:3").find("crop=1:2:3: expected X:Y:WIDTH:HEIGHT") == 0);
        CHECK(refusal("d,crop=0:0:0:10").find("crop=") == 0);
        CHECK(refusal("d,grey=maybe") == "grey=maybe: expected true or false");
        CHECK(refusal("d,scale=half").find("scale=half: expected a part") == 0);
        CHECK(refusal("d,size=640").find("size=640: expected WIDTHxHEIGHT") == 0);
        CHECK(refusal("d,overlay=x,overlay_corner=left").find("overlay_corner=left: ") == 0);
        CHECK(refusal("d,size=640x480,scale=1/2").find("both say the size") != std::string::npos);
        CHECK(refusal("d,lossless=1,scale=1/2").find("lossless") == 0);
        CHECK(refusal("relay:http://h/,overlay_corner=me:hush@h/").find("hush") ==
              std::string::npos);
    }

    TEST_CASE("are told in the help of a driver but for those it has itself") {
        const auto names = app::picture_keys_beside(able());
        CHECK(names == std::vector<std::string_view>{"flip", "crop", "grey", "scale", "lossless",
                                                     "overlay"});
    }
}
