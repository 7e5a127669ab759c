#include "v4l2/settings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "base/text.hpp"
#include "v4l2/control_names.hpp"

namespace onlooker::drivers::v4l2 {
namespace {

using camera::DriverOptionError;

constexpr std::string_view control_prefix = "ctrl.";

[[noreturn]] void refuse(std::string_view key, std::string_view value, std::string_view expected) {
    throw DriverOptionError(
        fmt::format("{}={}: expected {}", escaped(key, 60), escaped(value, 60), expected));
}

Size read_size(std::string_view key, const std::string& value) {
    const auto size = media::parse_size(value);
    if (!size)
        refuse(key, value, "WIDTHxHEIGHT, for example 1280x720");
    return *size;
}

double read_rate(std::string_view key, const std::string& value) {
    const auto rate = parse_number<double>(value);
    if (!rate || !(*rate > 0) || *rate > 1000)
        refuse(key, value, "frames per second, more than 0 and at most 1000");
    return *rate;
}

const KnownFormat* read_format(std::string_view key, const std::string& value) {
    const KnownFormat* format = find_format(value);
    if (!format) {
        std::string names;
        for (const KnownFormat& known : known_formats())
            names += fmt::format("{}{}", names.empty() ? "one of " : ", ", known.name);
        refuse(key, value, names);
    }
    return format;
}

unsigned read_buffers(std::string_view key, const std::string& value) {
    const auto count = parse_number<unsigned>(value);
    if (!count || *count < 2 || *count > 32)
        refuse(key, value, "a number of buffers from 2 to 32");
    return *count;
}

void read_control(ControlWishes& wishes, std::string_view key, const std::string& value) {
    const bool named = key.starts_with(control_prefix);
    const std::string id(named ? key.substr(control_prefix.size()) : key);
    if (!is_control_id(id))
        throw DriverOptionError(
            fmt::format("{}: unknown key; v4l2 takes size, fps, format, input, standard, buffers, "
                        "and controls such as brightness=128",
                        escaped(key, 60)));
    if (!named && !parse_control_number(value))
        throw DriverOptionError(
            fmt::format("{}={}: v4l2 takes size, fps, format, input, standard, buffers, and "
                        "controls with a number or on/off; for the name of a menu entry write "
                        "ctrl.{}={}",
                        escaped(key, 60), escaped(value, 60), id, escaped(value, 60)));
    wishes[id] = value;
}

}  // namespace

Settings read_settings(const camera::DriverOptions& options) {
    Settings settings;
    settings.source = options.source;
    for (const auto& [key, value] : options.values) {
        if (key == "size")
            settings.size = read_size(key, value);
        else if (key == "fps")
            settings.fps = read_rate(key, value);
        else if (key == "format")
            settings.format = read_format(key, value);
        else if (key == "input")
            settings.input = value;
        else if (key == "standard")
            settings.standard = value;
        else if (key == "buffers")
            settings.buffers = read_buffers(key, value);
        else
            read_control(settings.controls, key, value);
    }
    return settings;
}

}  // namespace onlooker::drivers::v4l2
