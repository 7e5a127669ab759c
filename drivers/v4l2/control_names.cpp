#include "v4l2/control_names.hpp"

#include <algorithm>
#include <cmath>

#include "base/text.hpp"

namespace onlooker::drivers::v4l2 {

std::string control_id(std::string_view name) {
    std::string id;
    bool gap = false;
    for (const char c : name) {
        if (!is_alphanumeric(c)) {
            gap = !id.empty();
            continue;
        }
        if (gap)
            id += '_';
        gap = false;
        id += to_lower(c);
    }
    return id;
}

bool is_control_id(std::string_view text) noexcept {
    return !text.empty() && text.size() <= 64 && text.front() != '_' && text.back() != '_' &&
           std::ranges::all_of(text, [](char c) { return is_digit(c) || is_lower(c) || c == '_'; });
}

std::optional<double> parse_control_number(std::string_view text) {
    // "1" and "0" mean the same either way.
    if (const auto yes = parse_yes_no(text))
        return *yes ? 1 : 0;
    const auto number = parse_number<double>(text);
    return number && std::isfinite(*number) ? number : std::nullopt;
}

double within_limits(const camera::Control& control, double value) {
    if (control.type == camera::Control::Type::integer) {
        // From the minimum on, but not where steps of one make that needless: a control of 64 bits
        // begins so far away that the sum would lose digits.
        const double base = control.step > 1 ? control.minimum : 0;
        const double step = control.step > 1 ? control.step : 1;
        value = base + std::round((value - base) / step) * step;
    }
    return std::min(std::max(value, control.minimum), control.maximum);
}

std::optional<double> control_value(const camera::Control& control, std::string_view text) {
    using Type = camera::Control::Type;
    if (control.type == Type::menu) {
        const std::string wanted = control_id(text);
        for (const auto& item : control.menu)
            if (equal_ignoring_case(item.name, text) || control_id(item.name) == wanted)
                return static_cast<double>(item.value);
    }
    const auto number = parse_control_number(text);
    if (!number)
        return std::nullopt;
    if (control.type == Type::menu) {
        const bool listed = std::ranges::any_of(control.menu, [&](const auto& item) {
            return static_cast<double>(item.value) == *number;
        });
        return listed ? number : std::nullopt;
    }
    return within_limits(control, *number);
}

}  // namespace onlooker::drivers::v4l2
