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

constexpr auto peer = app::Peer::mjpg_streamer;

Lines settings(const std::string& words) {
    return test::valid_settings(peer, words);
}

}  // namespace

TEST_SUITE("import from mjpg-streamer") {
    TEST_CASE("it listens everywhere unless told otherwise") {
        CHECK(settings("mjpg_streamer -i input_uvc.so -o output_http.so") ==
              Lines{"camera = v4l2:/dev/video0,size=640x480", "host = 0.0.0.0", "port = 8080",
                    "public = true"});
        CHECK(settings("-i 'input_uvc.so -r SVGA' -o 'output_http.so -p 8090 -l 127.0.0.1'") ==
              Lines{"camera = v4l2:/dev/video0,size=800x600", "host = 127.0.0.1", "port = 8090"});
    }

    TEST_CASE("its password is in no line") {
        const std::string words = R"(-i "input_uvc.so -d /dev/video0 -r 1280x720 -f 30 -q 80" )"
                                  R"(-o "output_http.so -p 8080 -w ./www -c anna:hush")";
        CHECK(settings(words) == Lines{"camera = v4l2:/dev/video0,size=1280x720,fps=30,quality=80",
                                       "host = 0.0.0.0", "port = 8080",
                                       "users = /var/lib/onlooker/users"});
        const std::string text = imported(peer, words);
        CHECK(text.find("hush") == std::string::npos);
        CHECK(text.find("user add anna") != std::string::npos);
        CHECK(remarks_on(text, "-w"));
    }

    TEST_CASE("several inputs are several cameras, several outputs several ports") {
        CHECK(settings("./mjpg_streamer -i './input_uvc.so -d /dev/video0 -r VGA' -i "
                       "'./input_uvc.so -d /dev/video1 -r VGA' -o './output_http.so -w ./www' -o "
                       "'output_http.so --port 8082 --listen ::1'") ==
              Lines{"camera = v4l2:/dev/video0,size=640x480",
                    "camera = v4l2:/dev/video1,size=640x480", "host = 0.0.0.0", "port = 8080",
                    R"(listen = "[::1]:8082")", "public = true"});
    }

    TEST_CASE("a second output that others reach is made public, too") {
        CHECK(settings("-i 'input_uvc.so -r VGA' -o 'output_http.so -l 127.0.0.1' -o "
                       "'output_http.so -p 8082'") ==
              Lines{"camera = v4l2:/dev/video0,size=640x480", "host = 127.0.0.1", "port = 8080",
                    "listen = 0.0.0.0:8082", "public = true"});
    }

    TEST_CASE("the controls of a USB camera") {
        CHECK(settings("-i 'input_uvc.so -r VGA -y -ex 200 -pl 50hz -br auto -sa 3 -hf true -vf "
                       "false -t pal -l off'")
                  .front() ==
              "camera = v4l2:/dev/video0,size=640x480,format=YUYV,auto_exposure=1,"
              "exposure_time_absolute=200,power_line_frequency=1,brightness_automatic=1,"
              "saturation=3,horizontal_flip=1,standard=PAL");
        CHECK(settings("-i 'input_uvc.so -r VGA -ex aperature-priority'").front() ==
              "camera = v4l2:/dev/video0,size=640x480,auto_exposure=3");
    }

    TEST_CASE("the other inputs") {
        CHECK(
            settings("-i 'input_raspicam.so -x 1280 -y 720 -fps 15 -ex night -rot 180'").front() ==
            "camera = libcamera,fps=15,quality=85,size=1280x720,rotation=180");
        CHECK(settings("-i 'input_raspicam.so -rot 90 -hf'").front() ==
              "camera = libcamera,fps=5,quality=85,rotate=90,hflip=true,size=640x480");
        CHECK(settings("-i 'input_file.so -f /tmp/input -r -d 0.5'").front() ==
              "camera = emulated:/tmp/input,fps=2");
        CHECK(settings("-i 'input_file.so -f /tmp/input -n a.jpg'").front() ==
              "camera = emulated:/tmp/input/a.jpg");
        CHECK(settings("-i 'input_http.so -H cam -p 81'").front() ==
              "camera = relay:http://cam:81/?action=stream");
        CHECK(settings("-i 'input_testpicture.so -r 320x240 -d 500'").front() ==
              "camera = testcard,size=320x240,fps=2");
        CHECK(settings("-i 'input_opencv.so -d 1 -r HD'").front() ==
              "camera = opencv:1,size=1280x720");
    }

    TEST_CASE("plugins that onlooker has not are told") {
        const std::string text =
            imported(peer,
                     "-i input_ptp2.so -i input_uvc.so -o 'output_file.so -f pics' -o "
                     "output_udp.so -b");
        for (const char* word : {"input_ptp2", "output_file", "output_udp", "-b"})
            CHECK_MESSAGE(remarks_on(text, word), word);
    }

    TEST_CASE("what cannot be is refused, and the word named") {
        CHECK_THROWS_WITH_AS(imported(peer, "-i 'input_uvc.so -r'"), "-r needs a value behind it",
                             app::ConfigError);
        CHECK_THROWS_WITH_AS(imported(peer, "-i \"input_uvc.so"),
                             "word 2 has a \" without a second one", app::ConfigError);
        CHECK_THROWS_AS(imported(peer, "-i ''"), app::ConfigError);
        CHECK_THROWS_AS(imported(peer, "-i"), app::ConfigError);
    }
}
