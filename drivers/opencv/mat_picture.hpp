// What OpenCV gives, as the program takes it: borrowed, not copied.
#pragma once

#include <opencv2/core.hpp>

#include "media/raw_image.hpp"

namespace onlooker::drivers {

// Colour (BGR, BGRA), grey, raw YUYV, or a JPEG in one row. Throws CameraError for anything else.
media::Picture picture_in(const cv::Mat& mat);

}  // namespace onlooker::drivers
