#include <linux/videodev2.h>

#include <algorithm>

#include "v4l2/stream_format.hpp"

namespace onlooker::drivers::v4l2 {
namespace {

using media::PixelFormat;
using media::RawImage;
using Octets = std::span<const std::byte>;

// How many rows of `stride` octets the planes of a format have behind each other in one buffer, in
// halves of the height, so that 4:2:0 stays whole. An odd height has a chroma row more.
std::size_t octets_in_one_buffer(PixelFormat format, std::size_t stride, unsigned height) {
    const std::size_t chroma_rows = (height + 1U) / 2;
    switch (format) {
        case PixelFormat::nv12:
        case PixelFormat::nv21:
            return stride * (height + chroma_rows);
        case PixelFormat::yuv420:
        case PixelFormat::yvu420:
            return stride * height + 2 * ((stride + 1) / 2) * chroma_rows;
        case PixelFormat::yuv422:
            return stride * height + 2 * ((stride + 1) / 2) * height;
        default:
            return stride * height;
    }
}

std::size_t rows_of_plane(PixelFormat format, std::size_t index, unsigned height) {
    if (index == 0 || format == PixelFormat::yuv422)
        return height;
    return (height + 1U) / 2;
}

bool begins_as_jpeg(Octets data) {
    return data.size() > 4 && data[0] == std::byte{0xFF} && data[1] == std::byte{0xD8} &&
           data[2] == std::byte{0xFF};
}

}  // namespace

std::size_t least_octets(const StreamFormat& format, std::size_t index) noexcept {
    if (!format.format->pixels)
        return 0;
    const PixelFormat pixels = *format.format->pixels;
    const std::size_t stride = format.strides[index];
    if (format.format->memory_planes == 1)
        return octets_in_one_buffer(pixels, stride, format.size.height);
    return stride * rows_of_plane(pixels, index, format.size.height);
}

std::optional<media::Picture> picture_in(const StreamFormat& format,
                                         std::span<const Octets> planes) {
    if (planes.size() != format.format->memory_planes)
        return std::nullopt;
    if (!format.format->pixels) {
        if (!begins_as_jpeg(planes[0]))
            return std::nullopt;
        return media::JpegImage{planes[0]};
    }
    for (std::size_t i = 0; i < planes.size(); ++i)
        if (planes[i].size() < least_octets(format, i))
            return std::nullopt;
    const PixelFormat pixels = *format.format->pixels;
    if (planes.size() == 1)
        return media::raw_image_in(planes[0], pixels, format.size.width, format.size.height,
                                   format.strides[0]);
    RawImage image;
    image.format = pixels;
    image.width = format.size.width;
    image.height = format.size.height;
    for (std::size_t i = 0; i < planes.size(); ++i)
        image.planes[i] = {planes[i], format.strides[i]};
    return image;
}

// The kernel's rule (V4L2_MAP_QUANTIZATION_DEFAULT), but for grey: that is light as a sensor counts
// it, not the luma of a video signal.
bool is_full_range(const KnownFormat& format, std::uint32_t colorspace,
                   std::uint32_t quantization) noexcept {
    using enum PixelFormat;
    if (!format.pixels)
        return true;
    if (quantization != V4L2_QUANTIZATION_DEFAULT)
        return quantization == V4L2_QUANTIZATION_FULL_RANGE;
    const bool rgb = format.pixels == rgb24 || format.pixels == bgr24 || format.pixels == rgb565;
    return rgb || format.pixels == grey || colorspace == V4L2_COLORSPACE_JPEG;
}

}  // namespace onlooker::drivers::v4l2
