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

constexpr auto peer = app::Peer::ustreamer;

Lines settings(const std::string& words, const std::string& input = {}) {
    return test::valid_settings(peer, words, input);
}

}  // namespace

TEST_SUITE("import from uStreamer") {
    TEST_CASE("nothing given is its defaults") {
        CHECK(settings("ustreamer") ==
              Lines{"camera = v4l2:/dev/video0,size=640x480", "host = 127.0.0.1", "port = 8080"});
        CHECK(remarks_on(imported(peer, ""), "--resolution"));
    }

    TEST_CASE("the README's lines") {
        CHECK(settings("# ./ustreamer --device=/dev/video1 --host=0.0.0.0 --port=80") ==
              Lines{"camera = v4l2:/dev/video1,size=640x480", "host = 0.0.0.0", "port = 80",
                    "public = true"});
        CHECK(settings("$ ./ustreamer \\\n    --format=uyvy \\ # Device input format\n"
                       "    --encoder=m2m-image \\ # Hardware\n    --workers=3 \\ # Workers\n"
                       "    --persistent \\ # HDMI\n    --dv-timings \\ # Use them\n"
                       "    --drop-same-frames=30 # Save it\n") ==
              Lines{"camera = v4l2:/dev/video0,format=UYVY,workers=3,drop_same_frames=1,"
                    "size=640x480",
                    "host = 127.0.0.1", "port = 8080"});
        CHECK(
            settings("./ustreamer --host :: -m jpeg --device-timeout=5 --buffers=3 -r 2592x1944") ==
            Lines{"camera = v4l2:/dev/video0,format=JPEG,buffers=3,size=2592x1944",
                  "host = ::", "port = 8080", "stall-seconds = 5", "public = true"});
    }

    TEST_CASE("pictures become seconds by the rate, wherever that stands") {
        for (const char* words : {"-r 640x480 -f 10 -e 30", "-r 640x480 -e 30 -f 10"})
            CHECK(settings(words).front().find("drop_same_frames=3") != std::string::npos);
        CHECK(settings("-e 30 -e 0").front().find("drop_same") == std::string::npos);
    }

    TEST_CASE("letters, joined letters, words and their beginnings") {
        CHECK(settings("-d/dev/video2 -ntl -r 1280x720 --des 15 -q90") ==
              Lines{"camera = v4l2:/dev/video2,size=1280x720,fps=15,quality=90", "host = 127.0.0.1",
                    "port = 8080"});
    }

    TEST_CASE("controls have the kernel's names") {
        CHECK(settings("-r 640x480 --brightness 12 --gain auto --white-balance 4000 --hue default "
                       "--flip-vertical 1 --rotate 90")
                  .front() ==
              "camera = v4l2:/dev/video0,size=640x480,brightness_automatic=0,brightness=12,"
              "gain_automatic=1,white_balance_automatic=0,white_balance_temperature=4000,"
              "vertical_flip=1,ctrl.rotate=90");
    }

    TEST_CASE("a login's password is in no line, and the camera does not become public") {
        const std::string words = "--host 0.0.0.0 --user anna --passwd 'hush hush'";
        CHECK(settings(words) == Lines{"camera = v4l2:/dev/video0,size=640x480", "host = 0.0.0.0",
                                       "port = 8080", "users = /var/lib/onlooker/users"});
        const std::string text = imported(peer, words);
        CHECK(text.find("hush") == std::string::npos);
        CHECK(text.find("onlooker user add anna --users /var/lib/onlooker/users") !=
              std::string::npos);
        CHECK(imported(peer, "--user 'a;b' --passwd hush").find("user add NAME") !=
              std::string::npos);
        CHECK(imported(peer, "--user a --passwd hush hush").find("hush") == std::string::npos);
    }

    TEST_CASE("a unix socket stands in place of host and port") {
        CHECK(settings("--unix /run/ustreamer.sock -r 640x480 -f 0") ==
              Lines{"camera = v4l2:/dev/video0,size=640x480", "listen = unix:/run/ustreamer.sock"});
    }

    TEST_CASE("settings of the program") {
        CHECK(settings("-r 640x480 --allow-origin=\\* --server-timeout 20 --device-error-delay 60 "
                       "--log-level 3 --exit-on-no-clients 60") ==
              Lines{"camera = v4l2:/dev/video0,size=640x480", "host = 127.0.0.1", "port = 8080",
                    "allow-origin = *", "no-progress-deadline-seconds = 20",
                    "retry-first-seconds = 60", "retry-longest-seconds = 60", "log-level = debug",
                    "exit-idle = 60"});
    }

    TEST_CASE("what has no counterpart is told, and what is unknown") {
        const std::string text =
            imported(peer,
                     "--sink=a.jpeg --sink-mode 660 --h264-bitrate 5000 --gpio-stream-online "
                     "3 --static /srv --nonesuch=1 -Z stray");
        for (const char* word : {"--sink", "--h264-bitrate", "--gpio-stream-online", "--static",
                                 "--nonesuch", "-Z", "word 12"}) {
            CAPTURE(text);
            CHECK_MESSAGE(remarks_on(text, word), word);
        }
    }

    TEST_CASE("what cannot be is refused, and the word named") {
        CHECK_THROWS_WITH_AS(imported(peer, "-p 99999"),
                             "-p: '99999': expected a whole number from 1 to 65535",
                             app::ConfigError);
        CHECK_THROWS_WITH_AS(imported(peer, "--resolution 1280"),
                             "--resolution: '1280': expected WIDTHxHEIGHT, such as 1280x720",
                             app::ConfigError);
        CHECK_THROWS_WITH_AS(imported(peer, "--port"), "--port needs a value behind it",
                             app::ConfigError);
        CHECK_THROWS_AS(imported(peer, "-f nan"), app::ConfigError);
        CHECK_THROWS_AS(imported(peer, "-d 'a\nb'"), app::ConfigError);
        CHECK_THROWS_AS(imported(peer, std::string("-d \x01")), app::ConfigError);
        CHECK_THROWS_AS(imported(peer, std::string(300'000, ' ')), app::ConfigError);
        CHECK_THROWS_AS(imported(peer, "mjpg_streamer -i a"), app::ConfigError);
    }

    TEST_CASE("a path with a comma, a blank or a quote comes through") {
        CHECK(settings("-r 640x480 -d '/dev/a,fps=3 #\"b'").front() ==
              R"(camera = "v4l2:/dev/a\\,fps=3 #\"b,size=640x480")");
    }

    TEST_CASE("a unit on standard input") {
        CHECK(settings("-",
                       "[Service]\nExecStart=/usr/bin/ustreamer --port 8081 \\\n  -r 640x480\n"
                       "User=pi\n") ==
              Lines{"camera = v4l2:/dev/video0,size=640x480", "host = 127.0.0.1", "port = 8081"});
    }
}
