// What the user wrote behind --camera NAME=opencv:, checked.
//
//     SOURCE         a number (camera), a device, a file, a URL, or a GStreamer pipeline (it has a
//                    "!" in it); empty: camera 0
//     size=WxH       asked of a camera
//     fps=RATE       asked of a camera; a file is played at this rate instead of its own
//     backend=any|ffmpeg|v4l2|gstreamer
//     loop=1         begin a file again when it ends
//     mjpeg=1|0      pass MJPEG on as it comes, or never; unless said, where it can be had
#pragma once

#include <optional>
#include <string>

#include "camera/driver.hpp"

namespace onlooker::drivers {

struct OpencvOptions {
    std::string source;
    std::string shown;           // for logs: a URL without its login and query
    std::optional<int> index;    // the source is this number
    std::optional<int> backend;  // cv::VideoCaptureAPIs; unless said, what suits the source
    unsigned width = 0;          // 0: as the camera likes
    unsigned height = 0;
    std::optional<double> rate;
    bool loop = false;
    std::optional<bool> mjpeg;

    bool is_url() const noexcept { return source.find("://") != std::string::npos; }
    // Of files: "picture%03d.jpg".
    bool is_pattern() const noexcept { return source.find('%') != std::string::npos; }
    bool is_pipeline() const noexcept { return source.find('!') != std::string::npos; }
    // The device file, or nothing when the source is none.
    std::string device() const;
};

// Throws camera::DriverOptionError.
OpencvOptions parse_opencv_options(const camera::DriverOptions& options);

}  // namespace onlooker::drivers
