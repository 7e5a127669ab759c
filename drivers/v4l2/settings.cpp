#include "v4l2/settings.hpp"

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/redaction.hpp"
#include "camera/driver_options.hpp"
#include "v4l2/control_names.hpp"

namespace onlooker::drivers::v4l2 {
namespace {

constexpr std::string_view control_prefix = "ctrl.";
constexpr unsigned least_buffers = 2, most_buffers = 32;

std::vector<std::string> format_names() {
    std::vector<std::string> names;
    for (const KnownFormat& known : known_formats())
        names.emplace_back(known.name);
    return names;
}

std::optional<const KnownFormat*> parse_format(std::string_view name) {
    const KnownFormat* format = find_format(name);
    return format == nullptr ? std::nullopt : std::optional(format);
}

camera::OptionRows rows(Settings& settings) {
    using namespace camera;
    return {
        size_option("size", "Size of the pictures; the nearest that the camera has.", settings.size)
            .unless_set("the largest up to 1280x720"),
        rate_option("fps", "Pictures per second; more are left out.", settings.fps)
            .unless_set("up to 30"),
        named_option("format", "FORMAT", "Pixel format that the camera is to give.", format_names(),
                     parse_format, settings.format)
            .unless_set("the cheapest"),
        text_option("input", "NUMBER|NAME", "Input of a grabber.", settings.input)
            .unless_set("the one that is chosen"),
        text_option("standard", "NAME", "Television standard, PAL or NTSC for example.",
                    settings.standard)
            .unless_set("detected"),
        whole_option("buffers", "COUNT", "Buffers that the camera fills in turn.", least_buffers,
                     most_buffers, settings.buffers),
    };
}

// An unknown key that is nearly an option's name is taken for a slip; any other is a control, which
// only the device knows.
bool read_control(ControlOptions& controls, const camera::OptionRows& known, const std::string& key,
                  const std::string& value) {
    const bool prefixed = key.starts_with(control_prefix);
    const std::string id = prefixed ? key.substr(control_prefix.size()) : key;
    if (!is_control_id(id))
        return false;
    if (!prefixed && !parse_control_number(value)) {
        if (!camera::nearest_option(known, key).empty())
            return false;
        const std::string shown = camera::shown_value(key, value);
        throw camera::DriverOptionError(
            fmt::format("{}={}: expected a number, true or false, as controls have; an entry of a "
                        "menu is written ctrl.{}={}",
                        key, shown, id, shown));
    }
    controls[id] = value;
    return true;
}

}  // namespace

Settings parse_options(const camera::DriverOptions& options) {
    Settings settings;
    settings.source = options.source;
    const camera::OptionRows known = rows(settings);
    camera::read_options("v4l2", known, options,
                         {.read =
                              [&](const std::string& key, const std::string& value) {
                                  return read_control(settings.controls, known, key, value);
                              },
                          .words = "the controls of the camera, such as brightness=128"});
    return settings;
}

std::vector<camera::OptionDescription> option_descriptions() {
    Settings defaults;
    return camera::descriptions(rows(defaults));
}

}  // namespace onlooker::drivers::v4l2
