#include "sample.hpp"

#include <turbojpeg.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <stdexcept>

namespace onlooker::test {
namespace {

using media::PixelFormat;
using media::RawImage;

struct Yuv {
    double y = 0;
    double u = 128;
    double v = 128;
};

double at(const RawImage& image, std::size_t plane, std::size_t x, std::size_t y) {
    const auto& rows = image.planes[plane];
    return std::to_integer<unsigned>(rows.data[y * rows.stride + x]);
}

Yuv packed(const RawImage& image, unsigned x, unsigned y, unsigned y0, unsigned u, unsigned v) {
    const std::size_t pair = std::size_t{x / 2} * 4;
    return {at(image, 0, pair + y0 + (x % 2) * 2, y), at(image, 0, pair + u, y),
            at(image, 0, pair + v, y)};
}

Yuv yuv_at(const RawImage& image, unsigned x, unsigned y) {
    const unsigned half_x = x / 2;
    const unsigned half_y = y / 2;
    switch (image.format) {
        case PixelFormat::yuyv:
            return packed(image, x, y, 0, 1, 3);
        case PixelFormat::yvyu:
            return packed(image, x, y, 0, 3, 1);
        case PixelFormat::uyvy:
            return packed(image, x, y, 1, 0, 2);
        case PixelFormat::nv12:
            return {at(image, 0, x, y), at(image, 1, half_x * 2, half_y),
                    at(image, 1, half_x * 2 + 1, half_y)};
        case PixelFormat::nv21:
            return {at(image, 0, x, y), at(image, 1, half_x * 2 + 1, half_y),
                    at(image, 1, half_x * 2, half_y)};
        case PixelFormat::yuv420:
            return {at(image, 0, x, y), at(image, 1, half_x, half_y), at(image, 2, half_x, half_y)};
        case PixelFormat::yvu420:
            return {at(image, 0, x, y), at(image, 2, half_x, half_y), at(image, 1, half_x, half_y)};
        case PixelFormat::yuv422:
            return {at(image, 0, x, y), at(image, 1, half_x, y), at(image, 2, half_x, y)};
        default:
            return {at(image, 0, x, y), 128, 128};
    }
}

Rgb rgb_of(const Yuv& yuv, bool full_range) {
    const double y = full_range ? yuv.y : (yuv.y - 16) * 255 / 219;
    const double scale = full_range ? 1 : 255.0 / 224;
    const double u = (yuv.u - 128) * scale;
    const double v = (yuv.v - 128) * scale;
    const auto clip = [](double value) { return std::clamp(value, 0.0, 255.0); };
    return {clip(y + 1.402 * v), clip(y - 0.344136 * u - 0.714136 * v), clip(y + 1.772 * u)};
}

Rgb rgb565_at(const RawImage& image, unsigned x, unsigned y) {
    const auto low = static_cast<unsigned>(at(image, 0, std::size_t{x} * 2, y));
    const auto high = static_cast<unsigned>(at(image, 0, std::size_t{x} * 2 + 1, y));
    const unsigned word = low | (high << 8);
    return {(word >> 11) * 255.0 / 31, ((word >> 5) & 63) * 255.0 / 63, (word & 31) * 255.0 / 31};
}

}  // namespace

DecodedJpeg::DecodedJpeg(std::span<const std::byte> jpeg) {
    const auto* octets = reinterpret_cast<const unsigned char*>(jpeg.data());
    const std::unique_ptr<void, int (*)(tjhandle)> decoder(tjInitDecompress(), tjDestroy);
    int width = 0;
    int height = 0;
    int subsampling = 0;
    int colours = 0;
    if (tjDecompressHeader3(decoder.get(), octets, jpeg.size(), &width, &height, &subsampling,
                            &colours) != 0)
        throw std::runtime_error("no JPEG");
    const auto stride = static_cast<std::size_t>(width) * 3;
    pixels_.resize(stride * static_cast<std::size_t>(height));
    if (tjDecompress2(decoder.get(), octets, jpeg.size(),
                      reinterpret_cast<unsigned char*>(pixels_.data()), width, 0, height, TJPF_RGB,
                      0) != 0)
        throw std::runtime_error("the JPEG does not decode");
    image_.format = PixelFormat::rgb24;
    image_.full_range = true;
    image_.width = static_cast<unsigned>(width);
    image_.height = static_cast<unsigned>(height);
    image_.planes[0] = {pixels_, stride};
}

double Rgb::distance(const Rgb& other) const {
    return std::max(
        {std::abs(red - other.red), std::abs(green - other.green), std::abs(blue - other.blue)});
}

Rgb pixel_at(const RawImage& image, unsigned x, unsigned y) {
    const std::size_t first = std::size_t{x} * 3;
    const auto in_range = [&](const Rgb& seen) {
        const auto full = [](double value) {
            return std::clamp((value - 16) * 255 / 219, 0.0, 255.0);
        };
        return image.full_range ? seen : Rgb{full(seen.red), full(seen.green), full(seen.blue)};
    };
    switch (image.format) {
        case PixelFormat::rgb24:
            return in_range(
                {at(image, 0, first, y), at(image, 0, first + 1, y), at(image, 0, first + 2, y)});
        case PixelFormat::bgr24:
            return in_range(
                {at(image, 0, first + 2, y), at(image, 0, first + 1, y), at(image, 0, first, y)});
        case PixelFormat::rgb565:
            return in_range(rgb565_at(image, x, y));
        default:
            return rgb_of(yuv_at(image, x, y), image.full_range);
    }
}

}  // namespace onlooker::test
