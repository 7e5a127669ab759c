// What the user asked of one V4L2 camera: the part of `--camera` behind "v4l2:", understood. Pure.
//
//     --camera bed=v4l2:/dev/video0,size=1280x720,fps=30,format=MJPEG,brightness=140
//
// What the keys are called and what they take stands in settings.cpp. Any other key is a control:
// `brightness=140`, with a number, on/off or yes/no; or, with ctrl. in front, also the name of a
// menu entry: `ctrl.power_line_frequency=50_hz`.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "camera/driver.hpp"
#include "media/picture_size.hpp"
#include "v4l2/pixel_formats.hpp"

namespace onlooker::drivers::v4l2 {

using Size = media::PictureSize;

// Controls by id, and the value as it was written; the device says later what it means.
using ControlOptions = std::map<std::string, std::string>;

struct Settings {
    std::string source;                   // empty: the first camera there is
    std::optional<Size> size;             // absent: the best one up to 1280x720
    double fps = 0;                       // 0: up to 30, whatever the device likes
    const KnownFormat* format = nullptr;  // null: the best one
    std::string input;                    // number or name; empty: as it is
    std::string standard;                 // "PAL", "NTSC", ...; empty: detected
    unsigned buffers = 4;                 // 2..32
    ControlOptions controls;
};

// Throws camera::DriverOptionError.
Settings parse_options(const camera::DriverOptions& options);

std::vector<camera::OptionDescription> option_descriptions();

}  // namespace onlooker::drivers::v4l2
