// How controls are called and how their values are written. Pure.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "camera/driver.hpp"

namespace onlooker::drivers::v4l2 {

// "White Balance, Automatic" -> "white_balance_automatic": letters and digits in lower case, all
// else between them one underscore. The same rule as v4l2-ctl's, so that its manual serves here.
std::string control_id(std::string_view name);

// Whether `text` could be such an id.
bool is_control_id(std::string_view text) noexcept;

// "128", "-1.5", "on", "off", "yes", "no", "true", "false".
std::optional<double> parse_control_number(std::string_view text);

// The value that `text` means for `control`: a number, a word, or a menu entry by name ("50 Hz",
// "50_hz"). Nothing when it means none. The result lies within the control's limits and on its
// step.
std::optional<double> control_value(const camera::Control& control, std::string_view text);

// Nearest value that the control can take.
double within_limits(const camera::Control& control, double value);

}  // namespace onlooker::drivers::v4l2
