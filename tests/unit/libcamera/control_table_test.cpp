#include "libcamera/control_table.hpp"

#include <doctest/doctest.h>

#include <limits>

using namespace onlooker;
using namespace onlooker::drivers::libcamera_driver;
using Kind = ControlDescription::Kind;

namespace {

const ControlDescription white_balance{
    .name = "AwbMode",
    .kind = Kind::integer,
    .minimum = 0,
    .maximum = 7,
    .fallback = 0,
    .choices = {{0, "AwbAuto"}, {5, "AwbDaylight"}, {6, "AwbCloudy"}}};
const ControlDescription exposure{"ExposureTime", Kind::integer, 100, 66000, 20000, {}};
const ControlDescription brightness{"Brightness", Kind::real, -1, 1, 0, {}};
const ControlDescription automatic{"AeEnable", Kind::boolean, 0, 1, 1, {}};

}  // namespace

TEST_SUITE("libcamera control table") {
    TEST_CASE("names are written as options are, and as people read them") {
        CHECK(control_id("ExposureTime") == "exposure_time");
        CHECK(control_id("AeEnable") == "ae_enable");
        CHECK(control_id("Brightness") == "brightness");
        CHECK(control_id("") == "");
        CHECK(control_title("LensPosition") == "Lens position");
    }

    TEST_CASE("a choice becomes a menu without what all its names share") {
        const camera::Control control = to_control(white_balance, 5);
        CHECK(control.id == "awb_mode");
        CHECK(control.type == camera::Control::Type::menu);
        REQUIRE(control.menu.size() == 3);
        CHECK(control.menu[1].value == 5);
        CHECK(control.menu[1].name == "Daylight");
        CHECK(control.value == 5);
    }

    TEST_CASE("what all names share ends with a word") {
        ControlDescription modes{"AfMode", Kind::integer, 0, 2, 0, {}};
        modes.choices = {{0, "AfModeManual"}, {1, "AfModeMacro"}};
        CHECK(to_control(modes, {}).menu[1].name == "Macro");
        modes.choices = {{0, "AfMode"}, {1, "AfModeMacro"}};
        CHECK(to_control(modes, {}).menu[0].name == "Mode");
        modes.choices = {{0, ""}, {1, ""}};
        CHECK(to_control(modes, {}).menu[0].name == "");
    }

    TEST_CASE("a number keeps its range, and its default until it is set") {
        const camera::Control control = to_control(exposure, std::nullopt);
        CHECK(control.type == camera::Control::Type::integer);
        CHECK(control.minimum == 100);
        CHECK(control.maximum == 66000);
        CHECK(control.value == 20000);
        CHECK(to_control(brightness, 0.25).type == camera::Control::Type::real);
        CHECK(to_control(automatic, 0).type == camera::Control::Type::boolean);
    }

    TEST_CASE("values are numbers, switches, or names of choices") {
        CHECK(parse_control(exposure, "1000") == 1000);
        CHECK_FALSE(parse_control(exposure, "long"));
        CHECK_FALSE(parse_control(exposure, ""));
        CHECK_FALSE(parse_control(exposure, "nan"));
        CHECK_FALSE(parse_control(brightness, "inf"));
        CHECK(parse_control(brightness, "-0.5") == -0.5);
        CHECK(parse_control(automatic, "off") == 0);
        CHECK(parse_control(automatic, "TRUE") == 1);
        CHECK_FALSE(parse_control(automatic, "2"));
        CHECK(parse_control(white_balance, "daylight") == 5);
        CHECK(parse_control(white_balance, "AwbCloudy") == 6);
        CHECK(parse_control(white_balance, "6") == 6);
        CHECK_FALSE(parse_control(white_balance, "1"));
    }

    TEST_CASE("what is out of range is brought into it") {
        CHECK(fit_control(exposure, 1e9) == 66000);
        CHECK(fit_control(exposure, 1000.4) == 1000);
        CHECK(fit_control(brightness, -2) == -1);
        CHECK(fit_control(automatic, 17) == 1);
        CHECK(fit_control(white_balance, 5.4) == 5);
        CHECK(fit_control(brightness, std::numeric_limits<double>::quiet_NaN()) == 0);
        ControlDescription unknown = exposure;
        unknown.minimum = unknown.maximum = 0;
        CHECK(fit_control(unknown, 1234) == 1234);
    }

    TEST_CASE("a gain takes it from the automatic, where the camera has one of its own") {
        using List = std::vector<WantedControl>;
        constexpr auto accepted = WantedControl::Absence::accepted;
        CHECK(spelt_out("gain", "2") ==
              List{{"analogue_gain_mode", "manual", accepted}, {"analogue_gain", "2"}});
        CHECK(spelt_out("gain", "Auto") == List{{"analogue_gain_mode", "auto", accepted}});
        // As newer ones of libcamera describe it.
        const ControlDescription mode{"AnalogueGainMode",
                                      Kind::integer,
                                      0,
                                      1,
                                      0,
                                      {{0, "AnalogueGainModeAuto"}, {1, "AnalogueGainModeManual"}}};
        CHECK(control_id(mode.name) == "analogue_gain_mode");
        CHECK(parse_control(mode, "manual") == 1);
        CHECK(parse_control(mode, "auto") == 0);
        // A sensor whose gain nobody knows how to choose.
        ControlDescription by_hand = mode;
        by_hand.choices = {{1, "AnalogueGainModeManual"}};
        CHECK(parse_control(by_hand, "manual") == 1);
        CHECK_FALSE(parse_control(by_hand, "auto"));
    }

    TEST_CASE("short words are spelt out") {
        using List = std::vector<WantedControl>;
        CHECK(spelt_out("exposure", "auto") == List{{"ae_enable", "true"}});
        CHECK(spelt_out("exposure", "5000") ==
              List{{"ae_enable", "false"}, {"exposure_time", "5000"}});
        CHECK(spelt_out("white_balance", "daylight") ==
              List{{"awb_enable", "true"}, {"awb_mode", "daylight"}});
        CHECK(spelt_out("white_balance", "off") == List{{"awb_enable", "false"}});
        CHECK(spelt_out("focus", "2.5") == List{{"af_mode", "manual"}, {"lens_position", "2.5"}});
        CHECK(spelt_out("focus", "auto") == List{{"af_mode", "continuous"}});
        CHECK(spelt_out("focus", "once") == List{{"af_mode", "auto"}, {"af_trigger", "start"}});
        CHECK(spelt_out("contrast", "1") == List{{"contrast", "1"}});
    }
}
