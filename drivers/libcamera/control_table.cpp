#include "libcamera/control_table.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "base/text.hpp"

namespace onlooker::drivers::libcamera_driver {

namespace {

std::string in_lower_case(std::string_view name, char between) {
    std::string text;
    for (std::size_t i = 0; i < name.size(); ++i) {
        if (i > 0 && is_upper(name[i]) && !is_upper(name[i - 1]))
            text += between;
        text += to_lower(name[i]);
    }
    return text;
}

// libcamera puts the group before every choice: AwbAuto, AwbDaylight. What all of them share, up
// to the beginning of a word, is left out; of a single one, the name of the control.
std::size_t shared_prefix(const ControlDescription& description) {
    const auto& choices = description.choices;
    if (choices.empty())
        return 0;
    if (choices.size() == 1)
        return choices.front().second.starts_with(description.name) ? description.name.size() : 0;
    const std::string& first = choices.front().second;
    std::size_t length = first.size();
    for (const auto& [number, name] : choices) {
        const auto [end, unused] =
            std::mismatch(first.begin(), first.begin() + static_cast<std::ptrdiff_t>(length),
                          name.begin(), name.end());
        length = static_cast<std::size_t>(end - first.begin());
    }
    const auto begins_word_everywhere = [&](std::size_t at) {
        return std::ranges::all_of(choices, [at](const auto& choice) {
            return at < choice.second.size() && is_upper(choice.second[at]);
        });
    };
    while (length > 0 && !begins_word_everywhere(length))
        --length;
    return length;
}

std::optional<double> parse_choice(const ControlDescription& description, std::string_view text) {
    const std::size_t prefix = shared_prefix(description);
    for (const auto& [number, name] : description.choices) {
        const std::string_view whole = name;
        if (equal_ignoring_case(control_id(whole.substr(prefix)), text) ||
            equal_ignoring_case(whole, text) || std::to_string(number) == text)
            return static_cast<double>(number);
    }
    return std::nullopt;
}

}  // namespace

std::string control_id(std::string_view libcamera_name) {
    return in_lower_case(libcamera_name, '_');
}

std::string control_title(std::string_view libcamera_name) {
    std::string title = in_lower_case(libcamera_name, ' ');
    if (!title.empty())
        title.front() = to_upper(title.front());
    return title;
}

camera::Control to_control(const ControlDescription& description, std::optional<double> value) {
    using Kind = ControlDescription::Kind;
    using Type = camera::Control::Type;
    camera::Control control;
    control.id = control_id(description.name);
    control.name = control_title(description.name);
    control.minimum = description.minimum;
    control.maximum = description.maximum;
    control.fallback = description.fallback;
    control.value = value.value_or(description.fallback);
    if (!description.choices.empty()) {
        control.type = Type::menu;
        const std::size_t prefix = shared_prefix(description);
        for (const auto& [number, name] : description.choices)
            control.menu.push_back({number, control_title(std::string_view(name).substr(prefix))});
    } else if (description.kind == Kind::boolean) {
        control.type = Type::boolean;
    } else if (description.kind == Kind::real) {
        control.type = Type::real;
        control.step = 0;  // any
    }
    return control;
}

std::optional<double> parse_control(const ControlDescription& description, std::string_view text) {
    if (!description.choices.empty())
        return parse_choice(description, text);
    if (description.kind == ControlDescription::Kind::boolean) {
        const auto state = parse_yes_no(text);
        return state ? std::optional<double>(*state ? 1 : 0) : std::nullopt;
    }
    const auto number = parse_number<double>(text);
    return number && std::isfinite(*number) ? number : std::nullopt;
}

double fit_control(const ControlDescription& description, double value) {
    if (!std::isfinite(value))
        return description.fallback;
    if (!description.choices.empty()) {
        const auto nearest =
            std::ranges::min_element(description.choices, {}, [value](const auto& choice) {
                return std::abs(static_cast<double>(choice.first) - value);
            });
        return static_cast<double>(nearest->first);
    }
    if (description.kind == ControlDescription::Kind::boolean)
        return value != 0 ? 1 : 0;
    const double whole =
        description.kind == ControlDescription::Kind::integer ? std::round(value) : value;
    // Some pipelines leave the range out.
    if (!(description.minimum < description.maximum))
        return whole;
    return std::clamp(whole, description.minimum, description.maximum);
}

std::vector<WantedControl> spelt_out(std::string_view key, std::string_view text) {
    const std::string value(text);
    const bool automatic = equal_ignoring_case(text, "auto");
    if (key == "exposure" && automatic)
        return {{"ae_enable", "true"}};
    if (key == "exposure")
        return {{"ae_enable", "false"}, {std::string(exposure_id), value}};
    // Before libcamera 0.5 there was no mode: a gain that was set stayed, any other was automatic.
    if (key == "gain" && automatic)
        return {{"analogue_gain_mode", "auto", WantedControl::Absence::accepted}};
    if (key == "gain")
        return {{"analogue_gain_mode", "manual", WantedControl::Absence::accepted},
                {"analogue_gain", value}};
    if (key == "white_balance" && equal_ignoring_case(text, "off"))
        return {{"awb_enable", "false"}};
    if (key == "white_balance")
        return {{"awb_enable", "true"}, {"awb_mode", value}};
    if (key == "focus" && automatic)
        return {{"af_mode", "continuous"}};
    if (key == "focus" && equal_ignoring_case(text, "once"))
        return {{"af_mode", "auto"}, {"af_trigger", "start"}};
    if (key == "focus")
        return {{"af_mode", "manual"}, {"lens_position", value}};
    return {{std::string(key), value}};
}

}  // namespace onlooker::drivers::libcamera_driver
