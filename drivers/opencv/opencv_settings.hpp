// What the user wrote behind --camera NAME=opencv:, checked.
//
//     SOURCE         a number (camera), a device, a file, a URL, or a GStreamer pipeline (it has a
//                    "!" in it); empty: camera 0
//
// What the keys are called and what they take stands in opencv_settings.cpp.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "camera/driver.hpp"
#include "media/picture_size.hpp"

namespace onlooker::drivers {

struct OpencvSettings {
    std::string source;
    std::string shown;           // for logs: a URL without its login and query
    std::optional<int> index;    // the source is this number
    std::optional<int> backend;  // cv::VideoCaptureAPIs; unless said, what suits the source
    std::optional<media::PictureSize> size;  // absent: as the camera likes
    std::optional<double> rate;
    bool loop = false;
    std::optional<bool> mjpeg;

    bool is_url() const noexcept { return source.find("://") != std::string::npos; }
    // A row of files: "picture%03d.jpg".
    bool is_pattern() const noexcept { return source.find('%') != std::string::npos; }
    bool is_pipeline() const noexcept { return source.find('!') != std::string::npos; }
    // The device file, or nothing when the source is none.
    std::string device() const;
};

namespace opencv {

// Throws camera::DriverOptionError.
OpencvSettings parse_options(const camera::DriverOptions& options);

std::vector<camera::OptionDescription> option_descriptions();

}  // namespace opencv

}  // namespace onlooker::drivers
