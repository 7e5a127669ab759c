#include "libcamera/settings.hpp"

#include <doctest/doctest.h>

#include <map>
#include <string>

using namespace onlooker;
using namespace onlooker::drivers::libcamera_driver;

namespace {

Settings parse(std::map<std::string, std::string> values, std::string source = "") {
    return parse_options({.camera_name = "a", .source = std::move(source), .values = values},
                         [](std::string_view id) { return id == "brightness"; });
}

std::string refusal(const std::string& key, const std::string& text) {
    try {
        parse({{key, text}});
    } catch (const camera::DriverOptionError& error) {
        return error.what();
    }
    return {};
}

}  // namespace

TEST_SUITE("libcamera settings") {
    TEST_CASE("nothing said means the camera's own") {
        const Settings settings = parse({});
        CHECK_FALSE(settings.picture.size);
        CHECK(settings.picture.format == nullptr);
        CHECK(settings.rate == 0);
        CHECK(settings.role == Role::video);
        CHECK(settings.flip == Flip{});
        CHECK(settings.controls.empty());
    }

    TEST_CASE("every option is taken") {
        const Settings settings = parse({{"size", "640x480"},
                                         {"fps", "12.5"},
                                         {"format", "NV12"},
                                         {"role", "viewfinder"},
                                         {"buffers", "memory"},
                                         {"brightness", "0.5"}},
                                        "imx708");
        CHECK(settings.source == "imx708");
        CHECK(settings.picture.size == PictureSize{640, 480});
        CHECK(settings.rate == 12.5);
        CHECK(settings.picture.format->name == "nv12");
        CHECK(settings.role == Role::viewfinder);
        CHECK(settings.buffers == BufferMaker::memory);
        CHECK(settings.controls == std::vector<WantedControl>{{"brightness", "0.5"}});
    }

    TEST_CASE("a short word stands for several controls") {
        CHECK(parse({{"exposure", "10000"}, {"brightness", "0.5"}}).controls ==
              std::vector<WantedControl>{
                  {"brightness", "0.5"}, {"ae_enable", "false"}, {"exposure_time", "10000"}});
    }

    TEST_CASE("a half turn is both mirrors, and undoes them") {
        CHECK(parse({{"rotation", "180"}}).flip == Flip{true, true});
        CHECK(parse({{"rotation", "0"}, {"hflip", "true"}}).flip == Flip{true, false});
        CHECK(parse({{"rotation", "180"}, {"hflip", "on"}}).flip == Flip{false, true});
        CHECK(parse({{"vflip", "1"}}).flip == Flip{false, true});
        CHECK(parse({{"vflip", "no"}}).flip == Flip{});
    }

    TEST_CASE("what cannot be taken is refused with the key and what was expected") {
        CHECK(refusal("size", "big").find("size=big: expected WIDTHxHEIGHT") != std::string::npos);
        CHECK(refusal("fps", "0").find("fps=0: expected") != std::string::npos);
        CHECK(refusal("fps", "nan").find("fps") != std::string::npos);
        CHECK(refusal("format", "h264").find("mjpeg, yuv420, nv12") != std::string::npos);
        CHECK(refusal("rotation", "90").find("0 or 180") != std::string::npos);
        CHECK(refusal("hflip", "maybe").find("true or false") != std::string::npos);
        CHECK(refusal("role", "still").find("viewfinder") != std::string::npos);
        CHECK(refusal("buffers", "mine").find("memory") != std::string::npos);
        CHECK(refusal("hflip", "") == "hflip=: expected true or false");
        CHECK(refusal("role", "viewfindr") ==
              "role=viewfindr: expected video or viewfinder; did you mean viewfinder?");
        CHECK(refusal("rotaton", "180").find("did you mean rotation?") != std::string::npos);
        CHECK(
            refusal("brightnes", "1").find("libcamera has no option 'brightnes'; it has size, ") !=
            std::string::npos);
    }

    TEST_CASE("a camera is found by place, id, model, or a part that only it has") {
        const std::vector<CameraName> cameras{{"/base/i2c@1/imx708@1a", "imx708"},
                                              {"/base/i2c@1/imx219@10", "imx219"},
                                              {"1", "HD Webcam"}};
        CHECK(find_camera(cameras, "") == 0);
        CHECK(find_camera(cameras, "/base/i2c@1/imx219@10") == 1);
        CHECK(find_camera(cameras, "IMX708") == 0);
        CHECK(find_camera(cameras, "webcam") == 2);
        CHECK(find_camera(cameras, "imx219@10") == 1);
        CHECK_FALSE(find_camera(cameras, "i2c@1"));
        CHECK_FALSE(find_camera(cameras, "ov5647"));
        CHECK_FALSE(find_camera({}, ""));
    }

    TEST_CASE("a number is an id first, then a place") {
        const std::vector<CameraName> cameras{{"x", ""}, {"y", ""}, {"1", ""}};
        CHECK(find_camera(cameras, "1") == 2);
        CHECK(find_camera(cameras, "0") == 0);
        CHECK_FALSE(find_camera(cameras, "3"));
    }
}
