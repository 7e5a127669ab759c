#include "opencv/opencv_options.hpp"

#include <fmt/format.h>
#include <opencv2/videoio.hpp>

#include <algorithm>
#include <array>
#include <string_view>

#include "base/redaction.hpp"
#include "base/text.hpp"
#include "media/picture_size.hpp"

namespace onlooker::drivers {

namespace {

using camera::DriverOptionError;

struct Backend {
    std::string_view name;
    int number;
};
constexpr std::array backends{
    Backend{"any", cv::CAP_ANY},
    Backend{"ffmpeg", cv::CAP_FFMPEG},
    Backend{"v4l2", cv::CAP_V4L2},
    Backend{"gstreamer", cv::CAP_GSTREAMER},
};

[[noreturn]] void refuse(const std::string& key, std::string_view expected,
                         const std::string& value) {
    throw DriverOptionError(
        fmt::format("opencv: {} must be {}, not \"{}\"", key, expected, escaped(value)));
}

void take_size(const std::string& value, OpencvOptions& options) {
    const auto size = media::parse_size(value);
    if (!size)
        refuse("size", "WIDTHxHEIGHT, like 640x480", value);
    options.width = size->width;
    options.height = size->height;
}

void take_rate(const std::string& value, OpencvOptions& options) {
    const auto rate = parse_number<double>(value);
    if (!rate || !(*rate >= 0.001 && *rate <= 1000))
        refuse("fps", "a number from 0.001 to 1000", value);
    options.rate = rate;
}

void take_backend(const std::string& value, OpencvOptions& options) {
    const auto found = std::ranges::find(backends, value, &Backend::name);
    if (found == backends.end())
        refuse("backend", "any, ffmpeg, v4l2 or gstreamer", value);
    options.backend = found->number;
}

bool switch_of(const std::string& key, const std::string& value) {
    if (value != "0" && value != "1")
        refuse(key, "0 or 1", value);
    return value == "1";
}

void take_value(const std::string& key, const std::string& value, OpencvOptions& options) {
    if (key == "size")
        take_size(value, options);
    else if (key == "fps")
        take_rate(value, options);
    else if (key == "backend")
        take_backend(value, options);
    else if (key == "loop")
        options.loop = switch_of(key, value);
    else if (key == "mjpeg")
        options.mjpeg = switch_of(key, value);
    else
        throw DriverOptionError(
            fmt::format("opencv: there is no option \"{}\"; there are size, fps, backend, loop "
                        "and mjpeg",
                        escaped(key)));
}

}  // namespace

std::string OpencvOptions::device() const {
    if (index)
        return fmt::format("/dev/video{}", *index);
    return source.starts_with("/dev/") ? source : "";
}

OpencvOptions parse_opencv_options(const camera::DriverOptions& options) {
    OpencvOptions result;
    result.source = options.source.empty() ? "0" : options.source;
    result.shown = without_login(result.source);
    if (std::ranges::all_of(result.source, is_digit)) {
        result.index = parse_number<int>(result.source);
        if (!result.index)
            throw DriverOptionError(
                fmt::format("opencv: there is no camera number {}", result.shown));
    }
    for (const auto& [key, value] : options.values)
        take_value(key, value, result);
    return result;
}

}  // namespace onlooker::drivers
