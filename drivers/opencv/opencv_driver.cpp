#include "opencv/opencv_driver.hpp"

#include <fmt/format.h>
#include <opencv2/core/utils/logger.hpp>

#include <chrono>
#include <cstdlib>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "opencv/file_pace.hpp"
#include "opencv/mat_picture.hpp"
#include "opencv/reader.hpp"

namespace onlooker::drivers {

namespace {

using namespace std::chrono_literals;

// OpenCV writes warnings to the terminal, with the URLs and their passwords. A user who has set its
// variable wants to read them.
void quieten_opencv() {
    if (std::getenv("OPENCV_LOG_LEVEL") == nullptr)
        cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
}

camera::Captured captured(const ReadPicture& picture) {
    return {.picture = picture_in(picture.mat),
            .captured = picture.is_file ? std::nullopt : std::optional(picture.captured),
            .wall = std::nullopt,
            .lost = picture.lost};
}

}  // namespace

void OpencvDriver::wait_for_the_last_reader(camera::CaptureContext& context) const {
    if (last_ && !wait_until_gone(*last_, context, 2s) && !context.stop_requested())
        throw camera::CameraError(
            camera::ErrorKind::busy,
            fmt::format("the last read of {} still hangs in OpenCV", options_.shown));
}

Generator<camera::Captured> OpencvDriver::frames(camera::CaptureContext& context) {
    quieten_opencv();
    wait_for_the_last_reader(context);
    if (context.stop_requested())
        co_return;
    Reader reader(options_);
    last_ = reader.handover();
    FilePace pace(options_.rate);
    ReadPicture picture;
    while (reader.take(picture, context)) {
        if (const std::string notice = reader.take_notice(); !notice.empty())
            context.warn(notice);
        if (picture.is_file &&
            !context.sleep_until(pace.next(SteadyClock::now(), picture.position, picture.period)))
            co_return;
        co_yield captured(picture);
    }
}

camera::DriverEntry opencv::entry() {
    return {
        .name = "opencv",
        .summary = "what OpenCV can open: a camera's number, a file, a URL, a GStreamer pipeline",
        .make =
            [](const camera::DriverOptions& options) {
                return std::make_unique<OpencvDriver>(opencv::parse_options(options));
            },
        .source =
            "A camera's number, a device, a file, a URL, or a GStreamer pipeline, which has a "
            "! in it; nothing: camera 0.",
        .options = opencv::option_descriptions(),
    };
}

}  // namespace onlooker::drivers
