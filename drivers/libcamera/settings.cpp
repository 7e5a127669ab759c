#include "libcamera/settings.hpp"

#include <utility>

#include "base/text.hpp"
#include "camera/driver_options.hpp"

namespace onlooker::drivers::libcamera_driver {

namespace {

std::vector<std::string> format_names() {
    std::vector<std::string> names{"auto"};
    for (const KnownFormat& format : known_formats())
        names.emplace_back(format.name);
    return names;
}

std::optional<const KnownFormat*> parse_format(std::string_view name) {
    const KnownFormat* format = known_format(name);
    return format == nullptr && name != "auto" ? std::nullopt : std::optional(format);
}

// One of the short words that stand for several controls.
camera::OptionRow controls_option(std::string name, std::string placeholder, std::string meaning,
                                  std::vector<WantedControl>& controls) {
    const auto read = [name, &controls](std::string_view text) {
        for (WantedControl& wanted : spelt_out(name, text))
            controls.push_back(std::move(wanted));
        return true;
    };
    return {{std::move(name), std::move(placeholder), std::move(meaning), "", "the camera's own"},
            read};
}

// Both mirrors together are a half turn, so that turn is kept apart until all is read.
camera::OptionRows rows(Settings& settings, bool& half_turn) {
    using namespace camera;
    return {
        size_option("size", "Size of the pictures; the nearest that the camera has.",
                    settings.picture.size)
            .unless_set("the largest up to 1280x720"),
        rate_option("fps", "Pictures per second, asked of the camera; more are left out.",
                    settings.rate)
            .unless_set("the camera's own"),
        named_option("format", "FORMAT", "Pixel format that the camera is to give.", format_names(),
                     parse_format, settings.picture.format)
            .unless_set("auto"),
        choice_option<Role>("role", "What the camera's pipeline tunes itself for.",
                            {{"video", Role::video}, {"viewfinder", Role::viewfinder}},
                            settings.role),
        choice_option<bool>("rotation", "Degrees by which the camera turns the picture.",
                            {{"0", false}, {"180", true}}, half_turn),
        switch_option("hflip", "Mirror the picture, left to right.", settings.flip.horizontal),
        switch_option("vflip", "Mirror the picture, top to bottom.", settings.flip.vertical),
        choice_option<BufferMaker>("buffers", "Where the buffers of the pictures come from.",
                                   {{"auto", BufferMaker::automatic},
                                    {"camera", BufferMaker::camera},
                                    {"memory", BufferMaker::memory}},
                                   settings.buffers),
        controls_option("exposure", "auto|MICROSECONDS", "Exposure time.", settings.controls),
        controls_option("gain", "auto|FACTOR", "Amplification.", settings.controls),
        controls_option("white_balance", "auto|off|NAME", "White balance, daylight for example.",
                        settings.controls),
        controls_option("focus", "auto|once|DIOPTRES", "Focus.", settings.controls),
    };
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

Settings parse_options(const camera::DriverOptions& options,
                       const std::function<bool(std::string_view)>& is_control) {
    Settings settings;
    settings.source = options.source;
    const auto read_control = [&](const std::string& key, const std::string& value) {
        if (!is_control(key))
            return false;
        for (WantedControl& wanted : spelt_out(key, value))
            settings.controls.push_back(std::move(wanted));
        return true;
    };
    bool half_turn = false;
    camera::read_options("libcamera", rows(settings, half_turn), options,
                         {.read = read_control, .words = "the controls that --list-cameras shows"});
    if (half_turn)
        settings.flip = {!settings.flip.horizontal, !settings.flip.vertical};
    return settings;
}

std::vector<camera::OptionDescription> option_descriptions() {
    Settings defaults;
    bool half_turn = false;
    return camera::descriptions(rows(defaults, half_turn));
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
