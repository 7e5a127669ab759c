// libcamera's interface changes from version to version; every difference that this driver meets is
// settled here and nowhere else. Built with 0.0.3 (Debian 12), 0.4.0 (Debian 13) and 0.7.1
// (Raspberry Pi OS).
//
// Where a name is a member, a template asks whether it is there; where it is a name of the
// namespace, the version decides.
#pragma once

#include <libcamera/camera.h>
#include <libcamera/camera_manager.h>
#include <libcamera/control_ids.h>
#include <libcamera/controls.h>
#include <libcamera/property_ids.h>
#include <libcamera/version.h>
#include <sys/sysmacros.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "libcamera/settings.hpp"

namespace onlooker::drivers::libcamera_driver::api {

// 0.2 replaced `transform`, relative to how the sensor is built in, by `orientation`, that of the
// picture. No flip means upright in both.
template <typename Configuration>
void set_flip(Configuration& configuration, Flip flip) {
    if constexpr (requires { configuration.orientation; }) {
        using Orientation = decltype(configuration.orientation);
        configuration.orientation = flip.horizontal && flip.vertical ? Orientation::Rotate180
                                    : flip.horizontal                ? Orientation::Rotate0Mirror
                                    : flip.vertical                  ? Orientation::Rotate180Mirror
                                                                     : Orientation::Rotate0;
    } else {
        using Transform = decltype(configuration.transform);
        configuration.transform = (flip.horizontal ? Transform::HFlip : Transform::Identity) |
                                  (flip.vertical ? Transform::VFlip : Transform::Identity);
    }
}

// Whether validate() left the flip as it was asked for.
template <typename Configuration>
bool has_flip(const Configuration& configuration, Flip flip) {
    if constexpr (requires { configuration.orientation; }) {
        struct {
            decltype(configuration.orientation) orientation{};
        } wanted;
        set_flip(wanted, flip);
        return configuration.orientation == wanted.orientation;
    } else {
        struct {
            decltype(configuration.transform) transform{};
        } wanted;
        set_flip(wanted, flip);
        return configuration.transform == wanted.transform;
    }
}

// The status as a plain number: 0.4's virtual pipeline leaves any there, not only those of the
// enumeration.
template <typename Metadata>
unsigned status_number(const Metadata& metadata) {
    unsigned number = 0;
    static_assert(sizeof number == sizeof metadata.status);
    std::memcpy(&number, &metadata.status, sizeof number);
    return number;
}

template <typename Metadata>
bool is_broken(const Metadata& metadata) {
    const unsigned status = status_number(metadata);
    return status == Metadata::FrameError || status == Metadata::FrameCancelled;
}

// Newer versions mark the first pictures, taken while exposure settles.
template <typename Metadata>
bool is_startup(const Metadata& metadata) {
    if constexpr (requires { Metadata::FrameStartup; })
        return status_number(metadata) == Metadata::FrameStartup;
    else
        return false;
}

// Whether a control is a list of numbers rather than one. 0.0.3 does not tell.
template <typename Id>
bool is_list(const Id& id) {
    if constexpr (requires { id.isArray(); }) {
        return id.isArray();
    } else {
        constexpr std::array<std::string_view, 5> lists{"ColourGains", "SensorBlackLevels",
                                                        "ColourCorrectionMatrix",
                                                        "FrameDurationLimits", "AfWindows"};
        return std::ranges::find(lists, id.name()) != lists.end();
    }
}

using ChoiceNames = std::vector<std::pair<std::int64_t, std::string>>;

// The names of a choice's numbers, for versions that do not tell them.
inline ChoiceNames usual_choice_names(std::string_view control) {
    const auto counted = [control](std::string_view name, std::string_view prefix,
                                   std::initializer_list<const char*> names) {
        ChoiceNames choices;
        if (control == name)
            for (const char* each : names)
                choices.emplace_back(static_cast<std::int64_t>(choices.size()),
                                     std::string(prefix) + each);
        return choices;
    };
    for (const ChoiceNames& choices :
         {counted("AeMeteringMode", "Metering", {"CentreWeighted", "Spot", "Matrix", "Custom"}),
          counted("AeConstraintMode", "Constraint", {"Normal", "Highlight", "Shadows", "Custom"}),
          counted("AeExposureMode", "Exposure", {"Normal", "Short", "Long", "Custom"}),
          counted("AwbMode", "Awb",
                  {"Auto", "Incandescent", "Tungsten", "Fluorescent", "Indoor", "Daylight",
                   "Cloudy", "Custom"}),
          counted("AfMode", "AfMode", {"Manual", "Auto", "Continuous"}),
          counted("AfRange", "AfRange", {"Normal", "Macro", "Full"}),
          counted("AfSpeed", "AfSpeed", {"Normal", "Fast"}),
          counted("AfMetering", "AfMetering", {"Auto", "Windows"}),
          counted("AfTrigger", "AfTrigger", {"Start", "Cancel"}),
          counted("AfPause", "AfPause", {"Immediate", "Deferred", "Resume"}),
          counted("NoiseReductionMode", "NoiseReductionMode",
                  {"Off", "Fast", "HighQuality", "Minimal", "ZSL"})})
        if (!choices.empty())
            return choices;
    return {};
}

template <typename Id>
ChoiceNames choice_names(const Id& id) {
    if constexpr (requires { id.enumerators(); })
        return {id.enumerators().begin(), id.enumerators().end()};
    else
        return usual_choice_names(id.name());
}

// The model is a std::string in one version, a std::string_view in the next.
inline std::string model(const libcamera::Camera& camera) {
    const auto name = camera.properties().get(libcamera::properties::Model);
    return name ? std::string(*name) : std::string();
}

// The device numbers of the video nodes that a camera is made of, as far as libcamera says.
template <typename Manager>
std::vector<dev_t> device_numbers([[maybe_unused]] Manager& manager,
                                  const std::shared_ptr<libcamera::Camera>& camera) {
    std::vector<dev_t> numbers;
#if LIBCAMERA_VERSION_MAJOR > 0 || LIBCAMERA_VERSION_MINOR >= 1
    if (const auto devices = camera->properties().get(libcamera::properties::SystemDevices))
        for (const std::int64_t device : *devices)
            numbers.push_back(static_cast<dev_t>(device));
#else
    constexpr unsigned video_major = 81;
    for (unsigned minor = 0; minor < 256; ++minor)
        if (manager.get(makedev(video_major, minor)) == camera)
            numbers.push_back(makedev(video_major, minor));
#endif
    return numbers;
}

}  // namespace onlooker::drivers::libcamera_driver::api
