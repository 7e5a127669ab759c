#include "libcamera/settings.hpp"

#include <algorithm>
#include <cmath>

#include "base/text.hpp"

namespace onlooker::drivers::libcamera_driver {

namespace {

constexpr double highest_rate = 1000;

[[noreturn]] void refuse(std::string_view key, std::string_view text, std::string_view expected) {
    throw camera::DriverOptionError("libcamera: " + std::string(key) + "=" + escaped(text, 60) +
                                    ": expected " + std::string(expected));
}

bool parse_flag(std::string_view key, std::string_view text) {
    if (text == "true" || text == "on" || text == "yes" || text == "1" || text.empty())
        return true;
    if (text == "false" || text == "off" || text == "no" || text == "0")
        return false;
    refuse(key, text, "true or false");
}

double parse_rate(std::string_view text) {
    const auto rate = parse_number<double>(text);
    if (!rate || !std::isfinite(*rate) || *rate <= 0 || *rate > highest_rate)
        refuse("fps", text, "pictures a second, above 0 and up to 1000");
    return *rate;
}

std::string format_names() {
    std::string names;
    for (const KnownFormat& format : known_formats())
        names += (names.empty() ? "" : ", ") + std::string(format.name);
    return names;
}

Flip flip_with(Flip flip, std::string_view rotation) {
    if (rotation == "180")
        return {!flip.horizontal, !flip.vertical};
    if (rotation != "0")
        refuse("rotation", rotation, "0 or 180 (cameras do not turn by a quarter)");
    return flip;
}

// True when the key is one of the driver's own.
bool take_setting(Settings& settings, std::string_view key, std::string_view text) {
    if (key == "size") {
        settings.picture.size = media::parse_size(text);
        if (!settings.picture.size)
            refuse(key, text, "WIDTHxHEIGHT, for example 1280x720");
    } else if (key == "fps") {
        settings.rate = parse_rate(text);
    } else if (key == "format") {
        settings.picture.format = known_format(text);
        if (settings.picture.format == nullptr && text != "auto")
            refuse(key, text, "auto or one of " + format_names());
    } else if (key == "role") {
        if (text != "video" && text != "viewfinder")
            refuse(key, text, "video or viewfinder");
        settings.role = text == "video" ? Role::video : Role::viewfinder;
    } else if (key == "buffers") {
        if (text != "auto" && text != "camera" && text != "memory")
            refuse(key, text, "auto, camera or memory");
        settings.buffers = text == "auto"     ? BufferMaker::automatic
                           : text == "camera" ? BufferMaker::camera
                                              : BufferMaker::memory;
    } else if (key == "hflip") {
        settings.flip.horizontal = parse_flag(key, text);
    } else if (key == "vflip") {
        settings.flip.vertical = parse_flag(key, text);
    } else {
        return key == "rotation";  // after the flips, whatever the order
    }
    return true;
}

bool contains_ignoring_case(std::string_view whole, std::string_view part) {
    for (std::size_t at = 0; at + part.size() <= whole.size(); ++at)
        if (equal_ignoring_case(whole.substr(at, part.size()), part))
            return true;
    return false;
}

template <typename Matches>
std::optional<std::size_t> the_only(const std::vector<CameraName>& cameras, Matches matches) {
    std::optional<std::size_t> found;
    for (std::size_t i = 0; i < cameras.size(); ++i) {
        if (!matches(cameras[i]))
            continue;
        if (found)
            return std::nullopt;
        found = i;
    }
    return found;
}

}  // namespace

Settings parse_settings(const camera::DriverOptions& options,
                        const std::function<bool(std::string_view)>& is_control) {
    Settings settings;
    settings.source = options.source;
    for (const auto& [key, text] : options.values) {
        if (take_setting(settings, key, text))
            continue;
        if (!is_short_word(key) && !is_control(key))
            throw camera::DriverOptionError(
                "libcamera: there is no option or control " + escaped(key, 60) +
                "; options are size, fps, format, role, rotation, hflip, vflip, buffers, exposure, "
                "gain, white_balance, focus, and the controls that --list-cameras shows");
        for (WantedControl& wanted : spelt_out(key, text))
            settings.controls.push_back(std::move(wanted));
    }
    if (const auto rotation = options.values.find("rotation"); rotation != options.values.end())
        settings.flip = flip_with(settings.flip, rotation->second);
    return settings;
}

std::optional<std::size_t> find_camera(const std::vector<CameraName>& cameras,
                                       std::string_view source) {
    if (source.empty())
        return cameras.empty() ? std::nullopt : std::optional<std::size_t>(0);
    const auto by_id = the_only(cameras, [&](const CameraName& c) { return c.id == source; });
    if (by_id)
        return by_id;
    if (const auto index = parse_number<std::size_t>(source))
        return *index < cameras.size() ? index : std::nullopt;
    const auto by_model = the_only(
        cameras, [&](const CameraName& c) { return equal_ignoring_case(c.model, source); });
    if (by_model)
        return by_model;
    return the_only(cameras, [&](const CameraName& c) {
        return contains_ignoring_case(c.id, source) || contains_ignoring_case(c.model, source);
    });
}

}  // namespace onlooker::drivers::libcamera_driver
