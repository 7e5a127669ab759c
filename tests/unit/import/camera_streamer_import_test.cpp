#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "app/options.hpp"
#include "imported.hpp"

using namespace onlooker;
using test::imported;
using test::remarks_on;
using Lines = std::vector<std::string>;

namespace {

constexpr auto peer = app::Peer::camera_streamer;

Lines settings(const std::string& words, const std::string& input = {}) {
    return test::valid_settings(peer, words, input);
}

}  // namespace

TEST_SUITE("import from camera-streamer") {
    TEST_CASE("its unit for a USB camera") {
        const std::string unit =
            "[Service]\nExecStart=/usr/local/bin/camera-streamer \\\n"
            "  --camera-path=/dev/video0 \\\n  --camera-format=JPEG \\\n"
            "  --camera-width=1920 --camera-height=1080 \\\n  --camera-fps=30 \\\n"
            "  ; use two memory buffers\n  --camera-nbufs=3 \\\n"
            "  --camera-stream.height=480 \\\n  --http-listen=0.0.0.0 \\\n  --http-port=8080 \\\n"
            "  --rtsp-port\n\nDynamicUser=yes\n";
        CHECK(settings("-", unit) ==
              Lines{"camera = v4l2:/dev/video0,size=1920x1080,fps=30,format=MJPEG",
                    "host = 0.0.0.0", "port = 8080", "public = true"});
        const std::string text = imported(peer, "-", unit);
        for (const char* word : {"--camera-nbufs", "--camera-stream.height", "--rtsp-port"})
            CHECK_MESSAGE(remarks_on(text, word), word);
    }

    TEST_CASE("its unit for a camera of a Raspberry Pi") {
        CHECK(settings(
                  "camera-streamer --camera-format=YUYV "
                  "--camera-path=/base/soc/i2c0mux/i2c@1/imx219@10 --camera-type=libcamera "
                  "--camera-width=3280 --camera-height=2464 --camera-options=brightness=0.1 "
                  "--camera-options='AwbMode=1;Contrast=1.2' --camera-vflip=1 --camera-hflip=0") ==
              Lines{"camera = libcamera:/base/soc/i2c0mux/i2c@1/imx219@10,size=3280x2464,fps=30,"
                    "format=yuyv,brightness=0.1,awb_mode=1,contrast=1.2,vflip=true",
                    "host = 127.0.0.1", "port = 8080"});
    }

    TEST_CASE("options that may stand alone do so") {
        CHECK(settings("--camera-path=/dev/video1 --camera-force_active --camera-vflip "
                       "--camera-stream.options=compression_quality=60 --http-maxcons=20 "
                       "--log-debug") ==
              Lines{"camera = v4l2:/dev/video1,size=1920x1080,fps=30,always_on=true,"
                    "vertical_flip=1,quality=60",
                    "host = 127.0.0.1", "port = 8080", "max-connections = 20",
                    "log-level = debug"});
    }

    TEST_CASE("what cannot be is refused, and the word named") {
        CHECK_THROWS_WITH_AS(imported(peer, "--camera-width"),
                             "--camera-width needs a value behind it", app::ConfigError);
        CHECK_THROWS_AS(imported(peer, "--camera-width 640"), app::ConfigError);
        CHECK_THROWS_AS(imported(peer, "--camera-type=nonesuch"), app::ConfigError);
        CHECK_THROWS_AS(imported(peer, "--camera-options=brightness"), app::ConfigError);
        CHECK(remarks_on(imported(peer, "--nonesuch=hush"), "--nonesuch"));
        CHECK(imported(peer, "--nonesuch=hush").find("hush") == std::string::npos);
    }
}
