// What a control of a camera can be set to, as far as the camera has told: so that a value that it
// cannot take is refused in words before anything is changed. What the device makes of one that it
// could take is seen when the driver reports its controls again.
//
// Pure. Thread: any.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "camera/driver.hpp"

namespace onlooker::camera {

// "integer", "boolean", ...
std::string_view to_string(Control::Type type) noexcept;

// Why it cannot be set to `value`: one sentence without its full stop. Empty: it can.
std::string why_not(const Control& control, double value);

// What a text means for a control: a number, a word such as "on", or the name of a menu's entry.
// Nothing when it means none.
std::optional<double> value_named(const Control& control, std::string_view text);

}  // namespace onlooker::camera
