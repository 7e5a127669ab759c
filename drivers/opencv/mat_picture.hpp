// What OpenCV gives, as the program takes it: borrowed, not copied.
#pragma once

#include <opencv2/core.hpp>

#include "media/raw_image.hpp"

namespace onlooker::drivers {

// Colour (BGR, BGRA), grey, raw YUYV, or undecoded octets in one row, which are meant to be a JPEG
// and not looked at. Throws CameraError for anything else.
media::Picture picture_in(const cv::Mat& mat);

}  // namespace onlooker::drivers
