#include "unit/media/bar_picture.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

namespace onlooker::media {

namespace {

constexpr std::array bars{Rgb{255, 255, 255}, Rgb{192, 192, 0}, Rgb{0, 192, 192}, Rgb{0, 192, 0},
                          Rgb{192, 0, 192},   Rgb{192, 0, 0},   Rgb{0, 0, 192},   Rgb{16, 16, 16}};

std::size_t octets_needed(PixelFormat format, unsigned width, unsigned height, std::size_t stride) {
    const std::vector<std::byte> plenty(std::size_t{8} *
                                        (std::max<std::size_t>(stride, width) + 2) * (height + 2));
    std::size_t sum = 0;
    for (const Plane& plane : raw_image_in(plenty, format, width, height, stride).planes)
        sum += plane.data.size();
    return sum;
}

// By the definition of BT.601: black at 16, the rest in 219 or 224 steps.
int luma_in_video_range(int value) {
    return static_cast<int>(std::lround(16 + value * 219 / 255.0));
}
int chroma_in_video_range(int value) {
    return static_cast<int>(std::lround(128 + (value - 128) * 224 / 255.0));
}

}  // namespace

const Rgb& colour_at(unsigned x) {
    return bars[std::min<std::size_t>(x / bar_width, bars.size() - 1)];
}

BarPicture::BarPicture(PixelFormat format, unsigned width, unsigned height, std::size_t stride,
                       bool full_range)
    : octets_(octets_needed(format, width, height, stride)),
      image_(raw_image_in(octets_, format, width, height, stride)) {
    image_.full_range = full_range;
    for (unsigned y = 0; y < height; ++y)
        for (unsigned x = 0; x < width; ++x)
            put(x, y, colour_at(x));
}

void BarPicture::set(std::size_t plane, unsigned y, std::size_t octet, int value) {
    const Plane& in = image_.planes[plane];
    const auto offset = static_cast<std::size_t>(in.data.data() - octets_.data());
    octets_.at(offset + y * in.stride + octet) = static_cast<std::byte>(value);
}

void BarPicture::put(unsigned x, unsigned y, Rgb of) {
    Colour c = rgb(of.red, of.green, of.blue);
    if (!image_.full_range) {
        of = {luma_in_video_range(of.red), luma_in_video_range(of.green),
              luma_in_video_range(of.blue)};
        c = {static_cast<std::uint8_t>(luma_in_video_range(c.luma)),
             static_cast<std::uint8_t>(chroma_in_video_range(c.blue)),
             static_cast<std::uint8_t>(chroma_in_video_range(c.red))};
    }
    const int packed = of.red >> 3 << 11 | of.green >> 2 << 5 | of.blue >> 3;
    switch (image_.format) {
        case PixelFormat::yuyv:
            return put_packed(x, y, c, 0, 1, 3);
        case PixelFormat::yvyu:
            return put_packed(x, y, c, 0, 3, 1);
        case PixelFormat::uyvy:
            return put_packed(x, y, c, 1, 0, 2);
        case PixelFormat::rgb565:
            return put_pixel(x, y, {packed & 255, packed >> 8});
        case PixelFormat::rgb24:
            return put_pixel(x, y, {of.red, of.green, of.blue});
        case PixelFormat::bgr24:
            return put_pixel(x, y, {of.blue, of.green, of.red});
        case PixelFormat::rgbx32:
            return put_pixel(x, y, {of.red, of.green, of.blue, 99});
        case PixelFormat::bgrx32:
            return put_pixel(x, y, {of.blue, of.green, of.red, 99});
        default:
            return put_planar(x, y, c);
    }
}

void BarPicture::put_pixel(unsigned x, unsigned y, std::initializer_list<int> values) {
    std::size_t octet = x * values.size();
    for (const int value : values)
        set(0, y, octet++, value);
}

void BarPicture::put_packed(unsigned x, unsigned y, const Colour& c, int luma, int blue, int red) {
    const std::size_t pair = x / 2 * 4U;
    set(0, y, pair + static_cast<std::size_t>(luma) + x % 2 * 2U, c.luma);
    set(0, y, pair + static_cast<std::size_t>(blue), c.blue);
    set(0, y, pair + static_cast<std::size_t>(red), c.red);
}

void BarPicture::put_planar(unsigned x, unsigned y, const Colour& c) {
    set(0, y, x, c.luma);
    switch (image_.format) {
        case PixelFormat::nv12:
        case PixelFormat::nv21: {
            const bool blue_first = image_.format == PixelFormat::nv12;
            set(1, y / 2, x / 2 * 2U, blue_first ? c.blue : c.red);
            set(1, y / 2, x / 2 * 2U + 1, blue_first ? c.red : c.blue);
            break;
        }
        case PixelFormat::yuv420:
            set(1, y / 2, x / 2, c.blue);
            set(2, y / 2, x / 2, c.red);
            break;
        case PixelFormat::yvu420:
            set(1, y / 2, x / 2, c.red);
            set(2, y / 2, x / 2, c.blue);
            break;
        case PixelFormat::yuv422:
            set(1, y, x / 2, c.blue);
            set(2, y, x / 2, c.red);
            break;
        default:
            break;
    }
}

}  // namespace onlooker::media
