#include "camera/control_limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.hpp"

namespace onlooker::camera {

namespace {

using Type = Control::Type;

// Steps of a real control are decimal fractions, which are not exact.
constexpr double slack = 1e-6;

bool is_on_step(const Control& control, double value) {
    if (control.type == Type::integer && value != std::floor(value))
        return false;
    if (control.step <= 0 || (control.type == Type::integer && control.step <= 1))
        return true;
    if (control.type == Type::real)
        return true;  // a hint of how fine a slider may be, no more
    const double steps = (value - control.minimum) / control.step;
    return std::abs(steps - std::round(steps)) < slack;
}

bool is_listed(const Control& control, double value) {
    return std::ranges::any_of(
        control.menu, [&](const auto& item) { return static_cast<double>(item.value) == value; });
}

std::string range_of(const Control& control) {
    std::string words = fmt::format("it takes {:g} to {:g}", control.minimum, control.maximum);
    if (control.type == Type::integer)
        words += control.step > 1 ? fmt::format(" in steps of {:g}", control.step)
                                  : ", whole numbers only";
    return words;
}

}  // namespace

std::string_view to_string(Type type) noexcept {
    switch (type) {
        case Type::integer:
            return "integer";
        case Type::boolean:
            return "boolean";
        case Type::menu:
            return "menu";
        case Type::button:
            return "button";
        case Type::real:
            return "real";
        case Type::text:
            break;
    }
    return "text";
}

std::string why_not(const Control& control, double value) {
    if (control.type == Type::text)
        return "a text can only be read";
    if (control.read_only)
        return "it can only be read";
    if (control.type == Type::button)
        return value == 1 ? "" : "it is a button, which is pressed with true";
    if (control.type == Type::boolean)
        return value == 0 || value == 1 ? "" : "it takes true or false";
    if (control.type == Type::menu)
        return is_listed(control, value) ? "" : "it takes one of the values of its menu";
    const bool fits = std::isfinite(value) && value >= control.minimum &&
                      value <= control.maximum && is_on_step(control, value);
    return fits ? "" : range_of(control);
}

std::optional<double> value_named(const Control& control, std::string_view text) {
    for (const auto& item : control.menu)
        if (equal_ignoring_case(item.name, text))
            return static_cast<double>(item.value);
    const bool is_switch = control.type == Type::boolean || control.type == Type::button;
    if (const auto yes = is_switch ? parse_yes_no(text) : std::nullopt)
        return *yes ? 1 : 0;
    return parse_number<double>(text);
}

}  // namespace onlooker::camera
