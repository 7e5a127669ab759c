// The camera's controls as the program shows them, and the words of the user as their values.
//
// libcamera writes "ExposureTime"; options and the program write "exposure_time". Nothing here
// knows libcamera: control_values.hpp stands between the two.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "camera/driver.hpp"

namespace onlooker::drivers::libcamera_driver {

// What libcamera says about one control that is a single number.
struct ControlDescription {
    enum class Kind : std::uint8_t { boolean, integer, real };
    std::string name;  // libcamera's: "AeEnable"
    Kind kind = Kind::integer;
    double minimum = 0;
    double maximum = 0;
    double fallback = 0;
    // For a choice: libcamera's numbers and names ("AwbDaylight").
    std::vector<std::pair<std::int64_t, std::string>> choices;
};

// What the user asked for: a control by its id, and the value as it was written.
struct WantedControl {
    std::string id;
    std::string text;
    // What a camera that lacks the control means: the user is told, or does without it.
    enum class Absence : std::uint8_t { told, accepted };
    Absence absence = Absence::told;
    bool operator==(const WantedControl&) const = default;
};

// "ExposureTime" -> "exposure_time", "FocusFoM" -> "focus_fo_m".
std::string control_id(std::string_view libcamera_name);
// "ExposureTime" -> "Exposure time".
std::string control_title(std::string_view libcamera_name);

camera::Control to_control(const ControlDescription& description, std::optional<double> value);

// A number, true or false, or the name of a choice. Nothing when it is neither.
std::optional<double> parse_control(const ControlDescription& description, std::string_view text);

// `value` brought into what the control takes: its range, whole numbers, its nearest choice.
double fit_control(const ControlDescription& description, double value);

// The short words for what nearly everyone wants to set, spelt out in libcamera's controls:
//   exposure=auto, exposure=10000 (microseconds)    gain=auto, gain=2 (times)
//   white_balance=auto, =off, =daylight             focus=auto, =once, =2.5 (dioptres)
// Any other key is one control.
std::vector<WantedControl> spelt_out(std::string_view key, std::string_view text);

// What a value of these controls means for how long the camera may be silent.
inline constexpr std::string_view exposure_id = "exposure_time";

}  // namespace onlooker::drivers::libcamera_driver
