#include "opencv/mat_picture.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <optional>
#include <span>

#include "camera/driver.hpp"

namespace onlooker::drivers {

namespace {

std::span<const std::byte> octets_of(const cv::Mat& mat) {
    const std::size_t row = static_cast<std::size_t>(mat.cols) * mat.elemSize();
    const std::size_t size = mat.step[0] * static_cast<std::size_t>(mat.rows - 1) + row;
    return {reinterpret_cast<const std::byte*>(mat.data), size};
}

// OpenCV gives what it does not decode, a camera's MJPEG or a pipeline's image/jpeg, as one row of
// octets. They are a JPEG even where they do not begin as one: a broken one, for its check to
// refuse, and not a grey picture one pixel high.
bool is_undecoded(const cv::Mat& mat) {
    return mat.type() == CV_8UC1 && mat.rows == 1;
}

std::optional<media::PixelFormat> format_of(int type) {
    switch (type) {
        case CV_8UC1:
            return media::PixelFormat::grey;
        case CV_8UC2:  // only where no conversion is done
            return media::PixelFormat::yuyv;
        case CV_8UC3:
            return media::PixelFormat::bgr24;
        case CV_8UC4:
            return media::PixelFormat::bgrx32;
        default:
            return std::nullopt;
    }
}

}  // namespace

media::Picture picture_in(const cv::Mat& mat) {
    if (mat.dims != 2 || mat.rows <= 0 || mat.cols <= 0)
        throw camera::CameraError(camera::ErrorKind::failed, "OpenCV gave an empty picture");
    const auto octets = octets_of(mat);
    if (is_undecoded(mat))
        return media::JpegImage{octets};
    const auto format = format_of(mat.type());
    if (!format)
        throw camera::CameraError(
            camera::ErrorKind::failed,
            fmt::format("OpenCV gives pictures of type {}, which cannot be shown; expected 8 bits "
                        "in 1 to 4 channels",
                        cv::typeToString(mat.type())));
    media::RawImage image;
    image.format = *format;
    image.width = static_cast<unsigned>(mat.cols);
    image.height = static_cast<unsigned>(mat.rows);
    image.planes[0] = {.data = octets, .stride = mat.step[0]};
    image.full_range = *format != media::PixelFormat::yuyv;
    return image;
}

}  // namespace onlooker::drivers
