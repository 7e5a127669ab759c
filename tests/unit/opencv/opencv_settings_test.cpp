#include "opencv/opencv_settings.hpp"

#include <doctest/doctest.h>
#include <opencv2/videoio.hpp>

#include <map>
#include <string>
#include <utility>

using onlooker::camera::DriverOptionError;
using onlooker::drivers::OpencvSettings;

namespace {

OpencvSettings parse(const std::string& source, std::map<std::string, std::string> values = {}) {
    return onlooker::drivers::opencv::parse_options(
        {.camera_name = "eye", .source = source, .values = std::move(values)});
}

}  // namespace

TEST_SUITE("opencv options") {
    TEST_CASE("no source is camera 0, a number is that camera") {
        CHECK(parse("").index == 0);
        CHECK(parse("3").index == 3);
        CHECK(parse("3").device() == "/dev/video3");
        CHECK_FALSE(parse("film.avi").index);
    }

    TEST_CASE("the backend is what is said, and open unless it is said") {
        CHECK_FALSE(parse("film.avi").backend);
        CHECK(parse("film.avi", {{"backend", "ffmpeg"}}).backend == cv::CAP_FFMPEG);
        CHECK(parse("film.avi", {{"backend", "any"}}).backend == cv::CAP_ANY);
    }

    TEST_CASE("a device, a pipeline and a pattern of files are known by their looks") {
        CHECK(parse("/dev/video2").device() == "/dev/video2");
        CHECK(parse("videotestsrc ! appsink").is_pipeline());
        CHECK(parse("picture%03d.jpg").is_pattern());
    }

    TEST_CASE("a URL is shown without login and query") {
        const OpencvSettings options = parse("rtsp://me:s@cret@camera:554/live?token=t");
        CHECK(options.source == "rtsp://me:s@cret@camera:554/live?token=t");
        CHECK(options.shown == "rtsp://camera:554/live?...");
        CHECK(parse("rtsp://camera/a@b").shown == "rtsp://camera/a@b");
        CHECK(parse("rtsp://me:secret@camera").shown == "rtsp://camera");
    }

    TEST_CASE("takes its values") {
        const OpencvSettings options =
            parse("0", {{"size", "640x480"}, {"fps", "15"}, {"loop", "1"}, {"mjpeg", "0"}});
        CHECK(options.size == onlooker::media::PictureSize{640, 480});
        CHECK(options.rate == 15);
        CHECK(options.loop);
        CHECK(options.mjpeg == false);
    }

    TEST_CASE("refuses what it does not know or what makes no sense") {
        for (const auto& [key, value] : {std::pair{"size", "640"},
                                         {"size", "x480"},
                                         {"size", "0x0"},
                                         {"size", "99999x1"},
                                         {"fps", "fast"},
                                         {"fps", "0"},
                                         {"backend", "dshow"},
                                         {"loop", "perhaps"},
                                         {"mjpeg", ""},
                                         {"quality", "80"}})
            CHECK_THROWS_AS(parse("0", {{key, value}}), DriverOptionError);
        CHECK_THROWS_AS(parse("99999999999"), DriverOptionError);
        CHECK_THROWS_WITH_AS(
            parse("0", {{"backend", "ffmepg"}}),
            "backend=ffmepg: expected any, ffmpeg, v4l2 or gstreamer; did you mean ffmpeg?",
            DriverOptionError);
    }

    TEST_CASE("takes yes and no in the words of every other driver") {
        CHECK(parse("0", {{"loop", "yes"}}).loop);
        CHECK(parse("0", {{"loop", "On"}}).loop);
        CHECK(parse("0", {{"mjpeg", "false"}}).mjpeg == false);
    }
}
