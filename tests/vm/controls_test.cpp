// Controls of real kernel drivers: listed, set at start and at run time, kept over a reconnect.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "capture_run.hpp"
#include "v4l2/entry.hpp"
#include "vivid.hpp"

using namespace onlooker;
using camera::Control;
using test::CaptureRun;
using test::Vivid;

namespace {

const std::string path = "/dev/video10";

double value_of(CaptureRun& run, const std::string& id) {
    const Control* control = run.context.control(id);
    REQUIRE(control);
    return control->value;
}

}  // namespace

TEST_SUITE("v4l2 controls") {
    TEST_CASE("each type is listed as what it is") {
        CaptureRun run(drivers::v4l2::entry(), path, {{"input", "0"}});
        REQUIRE(run.next());
        struct Case {
            std::string id;
            Control::Type type;
        };
        for (const Case& expected :
             {Case{"brightness", Control::Type::integer}, Case{"boolean", Control::Type::boolean},
              Case{"menu", Control::Type::menu}, Case{"integer_menu", Control::Type::menu},
              Case{"button", Control::Type::button}, Case{"string", Control::Type::text},
              Case{"integer_64_bits", Control::Type::integer},
              Case{"bitmask", Control::Type::integer}}) {
            CAPTURE(expected.id);
            const Control* control = run.context.control(expected.id);
            REQUIRE(control);
            CHECK(control->type == expected.type);
        }
        CHECK(run.context.control("gain")->inactive);  // as long as the automatic is on
        CHECK(run.context.control("read_only_integer_32_bits")->read_only);
        CHECK(run.context.control("area") == nullptr);  // a structure, not a number
        const auto& menu = run.context.control("menu")->menu;
        REQUIRE(menu.size() == 3);  // 1, 3 and 4: menus have gaps
        CHECK(menu[1].value == 3);
        CHECK(menu[1].name == "Menu Item 3");
    }

    TEST_CASE("options set them at the start: by number, by word, by the name of a menu entry") {
        CaptureRun run(drivers::v4l2::entry(), path,
                       {{"brightness", "100"},
                        {"ctrl.boolean", "off"},
                        {"ctrl.menu", "Menu Item 4"},
                        {"ctrl.gain_automatic", "no"},
                        {"gain", "33"},
                        {"ctrl.bitmask", "2151686160"},
                        {"integer_64_bits", "-5000000000"}});
        REQUIRE(run.next());
        CHECK(run.context.warnings().empty());
        CHECK(value_of(run, "brightness") == 100);
        CHECK(value_of(run, "boolean") == 0);
        CHECK(value_of(run, "menu") == 4);
        CHECK(value_of(run, "gain") == 33);
        CHECK(value_of(run, "bitmask") == 2151686160.0);
        CHECK(value_of(run, "integer_64_bits") == -5000000000.0);
        CHECK_FALSE(run.context.control("gain")->inactive);
        Vivid(path).set(V4L2_CID_AUTOGAIN, 1);
    }

    TEST_CASE("one that is not there, or cannot have the value, is a warning") {
        CaptureRun run(drivers::v4l2::entry(), path,
                       {{"brightnes", "100"}, {"ctrl.menu", "Menu Item 2"}, {"contrast", "999"}});
        REQUIRE(run.next());
        REQUIRE(run.context.warnings().size() == 2);
        CHECK(value_of(run, "contrast") == 255);  // the nearest it can have
        Vivid(path).set(V4L2_CID_CONTRAST, 128);
    }

    TEST_CASE("a change at run time is set and reported; the options are set with each opening") {
        const auto driver = drivers::v4l2::entry().make({"test", path, {{"hue", "5"}}});
        {
            CaptureRun run(*driver);
            REQUIRE(run.next());
            run.context.change_control("brightness", 77);
            run.context.change_control("hue", -9);
            REQUIRE(run.next());
            REQUIRE(run.next());
            CHECK(Vivid(path).get(V4L2_CID_BRIGHTNESS) == 77);
            CHECK(Vivid(path).get(V4L2_CID_HUE) == -9);
            CHECK(value_of(run, "brightness") == 77);
        }
        // What a camera does when it is unplugged: it forgets.
        Vivid(path).set(V4L2_CID_BRIGHTNESS, 128);
        Vivid(path).set(V4L2_CID_HUE, 0);
        CaptureRun run(*driver);
        run.context.change_control("brightness", 77);  // as the program does, which remembers it
        REQUIRE(run.next());
        CHECK(Vivid(path).get(V4L2_CID_BRIGHTNESS) == 77);
        CHECK(Vivid(path).get(V4L2_CID_HUE) == 5);
    }

    TEST_CASE("the list of cameras names formats, sizes, rates, controls and the line to type") {
        const auto cameras = drivers::v4l2::entry().list();
        const auto vivid =
            std::ranges::find(cameras, "--camera v4l2:/dev/video10", &camera::FoundCamera::option);
        REQUIRE(vivid != cameras.end());
        CHECK(vivid->title == "vivid (platform:vivid-000, /dev/video10)");
        const auto has = [&](const std::string& words) {
            return std::ranges::any_of(vivid->facts, [&](const std::string& fact) {
                return fact.find(words) != std::string::npos;
            });
        };
        CHECK(has("YUYV UYVY"));
        CHECK(has("640x480 at 1/2/4/5/10/12.5/15/25 fps"));
        CHECK(has("input: 0 (Webcam 0)"));
        CHECK(has("brightness: 0..255, default 128, now"));
    }
}
