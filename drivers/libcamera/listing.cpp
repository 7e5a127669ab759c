#include "libcamera/listing.hpp"

#include <libcamera/camera.h>
#include <libcamera/property_ids.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.hpp"
#include "libcamera/control_values.hpp"
#include "libcamera/formats.hpp"
#include "libcamera/hub.hpp"
#include "libcamera/words.hpp"

namespace onlooker::drivers::libcamera_driver {

namespace {

constexpr std::size_t most_sizes = 8;

// As a shell takes it: ids hold backslashes and spaces.
std::string quoted(const std::string& text) {
    const bool plain = std::ranges::all_of(text, [](char c) {
        return is_alphanumeric(c) || std::string_view("/:.-_@+").find(c) != std::string_view::npos;
    });
    if (plain)
        return text;
    std::string result = "'";
    for (const char c : text)
        result += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return result + "'";
}

// The shortest source that means this camera and no other: its model, else its id. A comma would
// end the source.
std::string source_of(const std::vector<CameraName>& names, std::size_t index) {
    for (const std::string& source : {names[index].model, names[index].id})
        if (!source.empty() && source.find(',') == std::string::npos &&
            find_camera(names, source) == index)
            return source;
    return std::to_string(index);
}

std::string location_of(const libcamera::Camera& camera) {
    const auto location = camera.properties().get(libcamera::properties::Location);
    if (!location)
        return {};
    switch (static_cast<int>(*location)) {
        case 0:
            return "on the front";
        case 1:
            return "on the back";
        default:
            return "external";
    }
}

std::string sizes_of(const libcamera::StreamFormats& formats,
                     const libcamera::PixelFormat& format) {
    const auto sizes = formats.sizes(format);
    const auto range = formats.range(format);
    if (sizes.empty() || sizes.size() > most_sizes)
        return range.min.toString() + " to " + range.max.toString();
    std::string text;
    for (const libcamera::Size& size : sizes)
        text += (text.empty() ? "" : " ") + size.toString();
    return text;
}

std::string number(double value) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%g", value);
    return text.data();
}

std::string control_line(const camera::Control& control) {
    std::string text = "control " + control.id + "=";
    if (control.type == camera::Control::Type::menu) {
        std::string items;
        for (const auto& item : control.menu)
            items += (items.empty() ? "" : "|") + item.name;
        return text + items;
    }
    if (control.type == camera::Control::Type::boolean)
        return text + "true|false";
    return text + number(control.minimum) + ".." + number(control.maximum) + " (default " +
           number(control.fallback) + ")";
}

std::vector<std::string> facts_of(libcamera::Camera& camera) {
    std::vector<std::string> facts{"id " + escaped(camera.id())};
    if (const std::string location = location_of(camera); !location.empty())
        facts.push_back(location);
    const auto configuration =
        camera.generateConfiguration({libcamera::StreamRole::VideoRecording});
    if (configuration && !configuration->empty()) {
        const libcamera::StreamFormats& formats = configuration->at(0).formats();
        for (const libcamera::PixelFormat& format : formats.pixelformats())
            if (const KnownFormat* known = known_format(format.fourcc()))
                facts.push_back("format " + std::string(known->name) + ": " +
                                sizes_of(formats, format));
    }
    for (const camera::Control& control : CameraControls(camera).list())
        facts.push_back(control_line(control));
    return facts;
}

}  // namespace

std::vector<camera::FoundCamera> list_cameras() {
    const auto hub = Hub::get();
    const auto cameras = hub->cameras();
    const std::vector<CameraName> names = names_of(cameras);
    std::vector<camera::FoundCamera> found;
    found.reserve(cameras.size());
    for (std::size_t i = 0; i < cameras.size(); ++i)
        found.push_back({.title = title_of(names[i]),
                         .option = "--camera " + quoted("libcamera:" + source_of(names, i)),
                         .facts = facts_of(*cameras[i])});
    return found;
}

}  // namespace onlooker::drivers::libcamera_driver
