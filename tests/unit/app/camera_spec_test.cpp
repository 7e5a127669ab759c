#include "app/camera_spec.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <map>
#include <string>
#include <vector>

using onlooker::app::CameraOption;
using onlooker::app::name_cameras;
using onlooker::app::parse_camera;
using onlooker::app::Subsampling;
using onlooker::app::ValueError;

namespace {

struct Row {
    const char* spec;
    const char* name;
    const char* driver;
    const char* source;
    std::map<std::string, std::string> values;
};

std::string refusal(const std::string& spec) {
    try {
        parse_camera(spec);
    } catch (const ValueError& error) {
        return error.what();
    }
    return "accepted";
}

}  // namespace

TEST_SUITE("camera spec") {
    TEST_CASE("is name, driver, source and options") {
        const std::vector<Row> rows{
            {"emulated", "", "emulated", "", {}},
            {"bed=emulated", "bed", "emulated", "", {}},
            {"v4l2:/dev/video0", "", "v4l2", "/dev/video0", {}},
            {"bed=v4l2:/dev/video0,size=1280x720,fps=30",
             "bed",
             "v4l2",
             "/dev/video0",
             {{"size", "1280x720"}, {"fps", "30"}}},
            // '=' behind the first ':' or ',' makes no name.
            {"relay:http://h/?a=1&b=2", "", "relay", "http://h/?a=1&b=2", {}},
            {"testcard,fps=30", "", "testcard", "", {{"fps", "30"}}},
            {"esp=relay:http://h:81/s?a=1&b=2,timeout=5",
             "esp",
             "relay",
             "http://h:81/s?a=1&b=2",
             {{"timeout", "5"}}},
            // A comma without `key=` behind it belongs to the source.
            {"relay:http://h/a,b/c", "", "relay", "http://h/a,b/c", {}},
            {"relay:http://h/a,b/c?d=e,fps=5", "", "relay", "http://h/a,b/c?d=e", {{"fps", "5"}}},
            {"emulated:/srv/a\\,b=c,fps=5", "", "emulated", "/srv/a,b=c", {{"fps", "5"}}},
            {"emulated:C:\\d", "", "emulated", "C:\\d", {}},
            // Of dots, a key has none but that of `ctrl.`.
            {"relay:http://h/a,b.c=d", "", "relay", "http://h/a,b.c=d", {}},
            {"relay:http://h/a,ctrl.=d", "", "relay", "http://h/a,ctrl.=d", {}},
            {"v4l2:/dev/video0,ctrl.power_line_frequency=50_hz,fps=5",
             "",
             "v4l2",
             "/dev/video0",
             {{"ctrl.power_line_frequency", "50_hz"}, {"fps", "5"}}},
            {"d:s,k=a\\,b,l=", "", "d", "s", {{"k", "a,b"}, {"l", ""}}},
            // Nor does one in a password.
            {"relay:http://me:a,b=c@h/s,fps=5", "", "relay", "http://me:a,b=c@h/s", {{"fps", "5"}}},
            {"relay:http://h:81,user=me@corp", "", "relay", "http://h:81", {{"user", "me@corp"}}},
            {"d:", "", "d", "", {}},
            {"d:s,k=a=b", "", "d", "s", {{"k", "a=b"}}},
        };
        for (const Row& row : rows) {
            CAPTURE(row.spec);
            const CameraOption camera = parse_camera(row.spec);
            CHECK(camera.name == row.name);
            CHECK(camera.driver == row.driver);
            CHECK(camera.source == row.source);
            CHECK(camera.values == row.values);
        }
    }

    TEST_CASE("keeps the program's keys from the driver") {
        const CameraOption camera = parse_camera(
            "v4l2,quality=50,subsampling=444,always_on=yes,max_viewers=4,title=Front door,fps=5");
        CHECK(camera.quality == 50u);
        CHECK(camera.subsampling == Subsampling::s444);
        CHECK(camera.always_on == true);
        CHECK(camera.max_viewers == 4);
        CHECK(camera.shown_title() == "Front door");
        CHECK(camera.values == std::map<std::string, std::string>{{"fps", "5"}});
        CHECK_FALSE(camera.allow_truncated);
        for (const char* spec : {"v4l2,allow_truncated=1", "v4l2,allow-truncated=yes"}) {
            CHECK(parse_camera(spec).allow_truncated);
            CHECK(parse_camera(spec).values.empty());
        }
    }

    TEST_CASE("says for how long the same picture is held back, and what is the same") {
        const CameraOption camera = parse_camera("v4l2,drop_same_frames=2.5,changed=6");
        CHECK(camera.drop_same_frames == std::chrono::milliseconds(2500));
        CHECK(camera.changed == 6u);
        CHECK(camera.values.empty());
        CHECK(parse_camera("v4l2,drop-same-frames=0").drop_same_frames ==
              std::chrono::milliseconds(0));
        CHECK_FALSE(parse_camera("v4l2").drop_same_frames);
        CHECK(refusal("v4l2,changed=256") == "changed=256: expected a whole number from 0 to 255");
        CHECK(refusal("v4l2,drop_same_frames=-1").find("expected seconds from 0") !=
              std::string::npos);
    }

    TEST_CASE("is refused in words") {
        CHECK(refusal("").find("no name of a driver") != std::string::npos);
        CHECK(refusal("=v4l2").find("no name for a camera") != std::string::npos);
        CHECK(refusal("a b=v4l2").find("'a b' is no name for a camera") != std::string::npos);
        CHECK(refusal(std::string(33, 'a') + "=v4l2").find("1 to 32") != std::string::npos);
        CHECK(refusal("K\xc3\xbc"
                      "che=v4l2") ==
              "'K\xc3\xbc"
              "che' is no name for a camera; expected 1 to 32 letters a to z, digits, "
              "'_' or '-', since it stands in URLs; call it kueche, and give people the other one "
              "to read: kueche=...,title=K\xc3\xbc"
              "che");
        CHECK(refusal("Front door=v4l2").find("front-door=...,title=Front door") !=
              std::string::npos);
        CHECK(refusal("\xe5\xba\xad=v4l2").find("call it") == std::string::npos);
        CHECK(refusal("bed=").find("no name of a driver") != std::string::npos);
        CHECK(refusal("../x").find("no name of a driver") != std::string::npos);
        CHECK(refusal("--port").find("no name of a driver") != std::string::npos);
        CHECK(refusal("v4l2,fps=5,fps=6") == "the key fps is there twice");
        CHECK(refusal("v4l2,fps=5,six").find("'six' stands where key=value") == 0);
        CHECK(refusal("v4l2,quality=101") == "quality=101: expected a whole number from 1 to 100");
        CHECK(refusal("v4l2,subsampling=411") == "subsampling=411: expected 420, 422 or 444");
    }

    TEST_CASE("is shown without its secrets") {
        using onlooker::app::shown_spec;
        CHECK(shown_spec("a=relay:http://me:hush@h/,fps=5") == "a=relay:http://me:***@h/,fps=5");
        CHECK(shown_spec("relay:me:hush@h/") == "relay:me:***@h/");
        CHECK(shown_spec("http://me:hush@h/") == "http://me:***@h/");
        CHECK(shown_spec("http://me:hush") == "http://me:***");
        CHECK(shown_spec("hush@h/s") == "***");
        CHECK(shown_spec("libcamera:/base/soc/i2c@1/imx219@10,fps=5") ==
              "libcamera:/base/soc/i2c@1/imx219@10,fps=5");
        CHECK(shown_spec("d,password=hush") == "d,password=***");
        CHECK(shown_spec("") == "");
    }

    TEST_CASE("without a name gets the first free one") {
        std::vector<CameraOption> cameras{parse_camera("a"), parse_camera("camera2=b"),
                                          parse_camera("c"), parse_camera("d")};
        name_cameras(cameras);
        CHECK(cameras[0].name == "camera");
        CHECK(cameras[1].name == "camera2");
        CHECK(cameras[2].name == "camera3");
        CHECK(cameras[3].name == "camera4");
    }

    TEST_CASE("may not share its name") {
        std::vector<CameraOption> cameras{parse_camera("bed=a"), parse_camera("bed=b")};
        CHECK_THROWS_WITH_AS(name_cameras(cameras),
                             "two cameras are named bed; each needs a name of its own", ValueError);
    }
}
