#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "app/options.hpp"
#include "imported.hpp"

using namespace onlooker;
using test::ConfigFile;
using test::imported;
using test::remarks_on;
using Lines = std::vector<std::string>;

namespace {

constexpr auto peer = app::Peer::motion;

Lines settings(const std::string& text) {
    return test::valid_settings(peer, text);
}

}  // namespace

TEST_SUITE("import from Motion") {
    TEST_CASE("Debian's file") {
        const std::string text =
            "# a comment\n; pid_file value\nvideo_device /dev/video0\nwidth 640\nheight 480\n"
            "framerate 15\ntext_left CAMERA1\nthreshold 1500\nmovie_output on\n"
            "webcontrol_port 8080\nwebcontrol_localhost on\nstream_port 8081\nstream_localhost "
            "on\n";
        CHECK(settings(text) == Lines{"camera = v4l2:/dev/video0,size=640x480,fps=15",
                                      "host = 127.0.0.1", "port = 8081"});
        const std::string made = imported(peer, text);
        CHECK(remarks_on(made, "text_left"));
        CHECK(remarks_on(made, "movie_output"));
    }

    TEST_CASE("an open stream, turned, with parameters of the device") {
        CHECK(settings("videodevice /dev/video2\ncamera_name Front Door\nrotate 90\nflip_axis h\n"
                       "video_params palette=17, input=1, norm=0, brightness=12, \"Focus, "
                       "Auto\"=0\nstream_port 8081\nstream_localhost off\nstream_quality 70\n") ==
              Lines{"camera = front-door=v4l2:/dev/video2,size=640x480,title=Front Door,input=1,"
                    "standard=PAL,brightness=12,focus_auto=0,rotate=90,flip=h,quality=70",
                    "host = 0.0.0.0", "port = 8081", "public = true"});
    }

    TEST_CASE("passwords are in no line") {
        const std::string text =
            "netcam_url http://anna:hush@cam/stream\nstream_port 8081\nstream_localhost off\n"
            "stream_auth_method 1\nstream_authentication boss:hush\n";
        CHECK(settings(text) == Lines{"camera = relay:http://cam/stream,user=anna,"
                                      "password_file=/var/lib/onlooker/password-of-anna",
                                      "host = 0.0.0.0", "port = 8081",
                                      "users = /var/lib/onlooker/users"});
        CHECK(imported(peer, text).find("hush") == std::string::npos);
        const std::string other = "netcam_url rtsp://cam/1\nnetcam_userpass anna:hush\n";
        CHECK(settings(other) == Lines{"camera = opencv:rtsp://cam/1"});
        CHECK(imported(peer, other).find("hush") == std::string::npos);
        CHECK(remarks_on(imported(peer, other), "netcam_userpass"));
    }

    TEST_CASE("files of single cameras take what the main one says, and say otherwise") {
        const ConfigFile front("camera_name front\nvideo_device /dev/video0\nframerate 5\n");
        const ConfigFile yard("camera_name yard\nnetcam_url mjpeg://192.0.2.7/stream\n");
        const ConfigFile main("width 1280\nheight 720\nframerate 10\nstream_port 8081\ncamera " +
                              front.path() + "\ncamera " + yard.path() + "\n");
        Lines lines = settings(main.path());
        REQUIRE(lines.size() == 4);
        // In the order of their files' names, which are made up here.
        if (lines.front().starts_with("camera = yard"))
            std::swap(lines.at(0), lines.at(1));
        CHECK(lines == Lines{"camera = front=v4l2:/dev/video0,size=1280x720,fps=5",
                             "camera = yard=relay:http://192.0.2.7/stream,fps=10",
                             "host = 127.0.0.1", "port = 8081"});
    }

    TEST_CASE("two cameras of one name are two cameras") {
        const ConfigFile one("camera_name yard\n");
        const ConfigFile two("camera_name yard\n");
        CHECK(settings("camera " + one.path() + "\ncamera " + two.path() + "\n") ==
              Lines{"camera = yard=v4l2:/dev/video0,size=640x480",
                    "camera = v4l2:/dev/video0,size=640x480"});
    }

    TEST_CASE("Motion 5 has its streams at the port of its pages") {
        CHECK(settings("v4l2_device /dev/video0\nwebcontrol_port 8080\nwebcontrol_localhost off\n"
                       "webcontrol_auth_user anna:hush\n") ==
              Lines{"camera = v4l2:/dev/video0,size=640x480", "host = 0.0.0.0", "port = 8080",
                    "users = /var/lib/onlooker/users"});
    }

    TEST_CASE("without a stream of Motion's the port is ours") {
        CHECK(settings("width 320\nheight 240\n") ==
              Lines{"camera = v4l2:/dev/video0,size=320x240"});
        CHECK(remarks_on(imported(peer, "stream_port 0\n"), "stream_port"));
    }

    TEST_CASE("what cannot be is refused, and what is unknown is told") {
        CHECK_THROWS_WITH_AS(imported(peer, "width x\n"),
                             "width: 'x': expected a whole number from 1 to 16384",
                             app::ConfigError);
        CHECK_THROWS_AS(imported(peer, "netcam_url cam\n"), app::ConfigError);
        CHECK_THROWS_AS(imported(peer, "/nonesuch/motion.conf"), app::ConfigError);
        CHECK(remarks_on(imported(peer, "nonesuch 1\n"), "nonesuch"));
    }
}
