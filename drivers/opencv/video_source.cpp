#include "opencv/video_source.hpp"

#include <unistd.h>

#include <fmt/format.h>
#include <opencv2/core/utility.hpp>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace onlooker::drivers {

namespace {

using camera::CameraError;
using camera::ErrorKind;

// FFmpeg's waits for the network can be bounded; a stop does not wait for them, but the thread that
// is left behind then ends by itself.
constexpr int open_limit_ms = 5000;
constexpr int read_limit_ms = 5000;

constexpr int as_it_is = -1;  // CAP_PROP_FORMAT of FFmpeg's backend: packets, undecoded

bool exists(const std::string& path) {
    std::error_code ignored;
    return std::filesystem::exists(path, ignored);
}

CameraError device_error(const OpencvSettings& options) {
    const std::string device = options.device();
    if (!exists(device))
        return {ErrorKind::not_found, fmt::format("there is no {}", device)};
    if (::access(device.c_str(), R_OK | W_OK) != 0)
        return {ErrorKind::no_permission,
                fmt::format("no permission to open {}: the user of this program must be in the "
                            "group video",
                            device)};
    return {ErrorKind::failed,
            fmt::format("OpenCV cannot open {}: another program may use it, or it is no camera",
                        device)};
}

CameraError open_error(const OpencvSettings& options) {
    const std::string& shown = options.shown;
    if (!options.device().empty())
        return device_error(options);
    if (options.is_pipeline())
        return {ErrorKind::failed,
                fmt::format("GStreamer cannot run the pipeline \"{}\": does it end with appsink, "
                            "and does gst-launch-1.0 run it?",
                            shown)};
    if (options.is_url())
        return {
            ErrorKind::not_found,
            fmt::format("OpenCV cannot open {}: is the server there, and the path right?", shown)};
    if (!exists(options.source))
        return {ErrorKind::not_found, fmt::format("there is no file {}", shown)};
    if (::access(options.source.c_str(), R_OK) != 0)
        return {ErrorKind::no_permission, fmt::format("no permission to read {}", shown)};
    return {ErrorKind::failed, fmt::format("OpenCV finds no video in {}", shown)};
}

// Tried in turn. Not CAP_ANY unless it was asked for: it also looks through the USB for still
// cameras, each time it does not find what it was given, and forgets to free what it saw.
std::vector<int> backends_for(const OpencvSettings& options) {
    if (options.backend)
        return {*options.backend};
    if (options.is_pipeline())
        return {cv::CAP_GSTREAMER};
    if (!options.device().empty())
        return {cv::CAP_V4L2};
    if (options.is_url())
        return {cv::CAP_FFMPEG};
    return {cv::CAP_FFMPEG, cv::CAP_IMAGES, cv::CAP_GSTREAMER};
}

bool is_there(const OpencvSettings& options) {
    if (options.is_pipeline() || options.is_url() || options.is_pattern())
        return true;  // not known to be wrong
    return exists(options.index ? options.device() : options.source);
}

bool is_mjpeg(double fourcc) {
    const auto code = static_cast<int>(fourcc);
    for (const char* name : {"MJPG", "mjpg", "JPEG", "jpeg"}) {
        if (code == cv::VideoWriter::fourcc(name[0], name[1], name[2], name[3]))
            return true;
    }
    return false;
}

}  // namespace

VideoSource::VideoSource(const OpencvSettings& options) : options_(options) {
    translated(options_, [this] {
        if (!is_there(options_) || !try_open())
            throw open_error(options_);
        std::error_code ignored;
        is_file_ = std::filesystem::is_regular_file(options_.source, ignored) ||
                   (options_.is_url() && capture_.get(cv::CAP_PROP_FRAME_COUNT) > 0);
        if (!is_file_)
            ask_for_size_and_rate();
        turn_ = take_over_turning();
        // What must be turned must be decoded.
        is_raw_ = options_.mjpeg.value_or(true) && !is_turned() && try_raw();
        if (!is_raw_)
            capture_.set(cv::CAP_PROP_CONVERT_RGB, 1);
    });
}

bool VideoSource::try_open() {
    return std::ranges::any_of(backends_for(options_), [this](int backend) {
        if (options_.index)
            return capture_.open(*options_.index, backend);
        // Other backends know no such limits, and fail when they are given any.
        if (options_.is_url() && backend == cv::CAP_FFMPEG)
            return capture_.open(options_.source, backend,
                                 {cv::CAP_PROP_OPEN_TIMEOUT_MSEC, open_limit_ms,
                                  cv::CAP_PROP_READ_TIMEOUT_MSEC, read_limit_ms});
        return capture_.open(options_.source, backend);
    });
}

// Not every backend can be asked, and a camera may have its own mind: what comes is taken.
void VideoSource::ask_for_size_and_rate() {
    if (options_.size) {
        capture_.set(cv::CAP_PROP_FRAME_WIDTH, options_.size->width);
        capture_.set(cv::CAP_PROP_FRAME_HEIGHT, options_.size->height);
    }
    if (options_.rate)
        capture_.set(cv::CAP_PROP_FPS, *options_.rate);
}

// A backend that cannot be told turns nothing, or all: then nothing is left to do here.
Turn VideoSource::take_over_turning() {
    capture_.set(cv::CAP_PROP_ORIENTATION_AUTO, 0);
    if (capture_.get(cv::CAP_PROP_ORIENTATION_AUTO) > 0)
        return {};
    if (is_file_ && !options_.is_url())
        if (const auto turn = film_turn(options_.source))
            return *turn;
    if (capture_.getBackendName() != "FFMPEG")
        return {};
    return turn_of_opencv(capture_.get(cv::CAP_PROP_ORIENTATION_META), cv::getVersionMajor(),
                          cv::getVersionMinor());
}

bool VideoSource::try_raw() {
    const std::string backend = capture_.getBackendName();
    if (backend == "FFMPEG")
        return is_mjpeg(capture_.get(cv::CAP_PROP_FOURCC)) &&
               capture_.set(cv::CAP_PROP_FORMAT, as_it_is);
    if (backend.starts_with("V4L")) {
        capture_.set(cv::CAP_PROP_FOURCC, cv::VideoWriter::fourcc('M', 'J', 'P', 'G'));
        return is_mjpeg(capture_.get(cv::CAP_PROP_FOURCC)) &&
               capture_.set(cv::CAP_PROP_CONVERT_RGB, 0);
    }
    return false;
}

bool VideoSource::read(cv::Mat& picture) {
    return translated(options_, [&] {
        if (!capture_.read(picture) || picture.empty())
            return false;
        if (picture.depth() == CV_16U) {
            constexpr double to_8_bits = 255.0 / 65535;
            picture.convertTo(converted_, CV_8U, to_8_bits);
            std::swap(picture, converted_);
        }
        if (is_turned()) {
            apply(turn_, picture, converted_);
            std::swap(picture, converted_);
        }
        return true;
    });
}

std::optional<std::chrono::duration<double>> VideoSource::position() const {
    const double milliseconds = capture_.get(cv::CAP_PROP_POS_MSEC);
    if (!std::isfinite(milliseconds) || milliseconds < 0)
        return std::nullopt;
    return std::chrono::duration<double, std::milli>(milliseconds);
}

std::optional<std::chrono::duration<double>> VideoSource::period() const {
    const double rate = capture_.get(cv::CAP_PROP_FPS);
    if (!std::isfinite(rate) || rate < 0.01 || rate > 1000)
        return std::nullopt;
    return std::chrono::duration<double>(1 / rate);
}

}  // namespace onlooker::drivers
