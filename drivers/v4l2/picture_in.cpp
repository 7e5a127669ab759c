#include "v4l2/picture_in.hpp"

#include <linux/videodev2.h>

#include <algorithm>

namespace onlooker::drivers::v4l2 {
namespace {

using media::PixelFormat;
using media::RawImage;
using Octets = std::span<const std::byte>;

// As the device lays it out, from one buffer for all planes or one for each.
RawImage image_in(const StreamFormat& format, std::span<const Octets> planes) {
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

// Each row with its padding, the last one too: what is shorter was cut off. Divided, since a device
// may say anything of its stride.
bool is_whole(const RawImage& image) {
    for (std::size_t i = 0; i < media::plane_count(image.format); ++i) {
        const auto& [data, stride] = image.planes[i];
        const auto size = media::plane_size(image.format, image.width, image.height, i);
        if (stride == 0 || data.size() / stride < size.rows)
            return false;
    }
    return true;
}

bool begins_as_jpeg(Octets data) {
    return data.size() > 4 && data[0] == std::byte{0xFF} && data[1] == std::byte{0xD8} &&
           data[2] == std::byte{0xFF};
}

}  // namespace

std::optional<media::Picture> picture_in(const StreamFormat& format,
                                         std::span<const Octets> planes) {
    if (planes.size() != format.format->memory_planes)
        return std::nullopt;
    if (!format.format->pixels) {
        if (!begins_as_jpeg(planes[0]))
            return std::nullopt;
        return media::JpegImage{planes[0]};
    }
    const RawImage image = image_in(format, planes);
    if (!is_whole(image))
        return std::nullopt;
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
