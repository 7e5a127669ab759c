#include "opencv/opencv_settings.hpp"

#include <fmt/format.h>
#include <opencv2/videoio.hpp>

#include <algorithm>
#include <string>

#include "base/redaction.hpp"
#include "base/text.hpp"
#include "base/url_login.hpp"
#include "camera/driver_options.hpp"

namespace onlooker::drivers {

namespace {

camera::OptionRows rows(OpencvSettings& options) {
    using namespace camera;
    return {
        size_option("size", "Size of the pictures, asked of a camera.", options.size)
            .unless_set("the camera's own"),
        rate_option("fps", "Pictures per second, asked of a camera; a film is played at this rate.",
                    options.rate)
            .unless_set("the source's own"),
        choice_option<int>("backend", "The part of OpenCV that opens the source.",
                           {{"any", cv::CAP_ANY},
                            {"ffmpeg", cv::CAP_FFMPEG},
                            {"v4l2", cv::CAP_V4L2},
                            {"gstreamer", cv::CAP_GSTREAMER}},
                           options.backend)
            .unless_set("what suits the source"),
        switch_option("loop", "Begin a film again when it ends.", options.loop),
        switch_option("mjpeg", "Pass MJPEG on as it comes, undecoded.", options.mjpeg)
            .unless_set("where it can be had"),
    };
}

// FFmpeg would take a part of the password for the host and look it up. A pipeline of GStreamer is
// more than a URL.
void refuse_odd_login(const std::string& source) {
    using Reading = UrlLogin::Reading;
    const Reading reading = find_login(source).reading;
    if (source.find(' ') == std::string::npos &&
        (reading == Reading::unescaped || reading == Reading::unfinished))
        throw camera::DriverOptionError("opencv: " + std::string(login_advice(reading)));
}

}  // namespace

std::string OpencvSettings::device() const {
    if (index)
        return fmt::format("/dev/video{}", *index);
    return source.starts_with("/dev/") ? source : "";
}

OpencvSettings opencv::parse_options(const camera::DriverOptions& options) {
    OpencvSettings result;
    result.source = options.source.empty() ? "0" : options.source;
    result.shown = without_login(result.source);
    refuse_odd_login(result.source);
    if (std::ranges::all_of(result.source, is_digit)) {
        result.index = parse_number<int>(result.source);
        if (!result.index)
            throw camera::DriverOptionError(
                fmt::format("opencv: there is no camera number {}", result.shown));
    }
    camera::read_options("opencv", rows(result), options);
    return result;
}

std::vector<camera::OptionDescription> opencv::option_descriptions() {
    OpencvSettings defaults;
    return camera::descriptions(rows(defaults));
}

}  // namespace onlooker::drivers
