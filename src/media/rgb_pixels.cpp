#include "media/rgb_pixels.hpp"

#include <turbojpeg.h>

#include <cstring>

#include "media/sample_range.hpp"

namespace onlooker::media {

namespace {

// Turbo's name of a format that it converts itself; -1 for the others.
int turbo_pixel_format(PixelFormat format) noexcept {
    switch (format) {
        case PixelFormat::rgb24:
            return TJPF_RGB;
        case PixelFormat::bgr24:
            return TJPF_BGR;
        case PixelFormat::rgbx32:
            return TJPF_RGBX;
        case PixelFormat::bgrx32:
            return TJPF_BGRX;
        default:
            return -1;
    }
}

// How many octets a pixel has in Turbo's format of red, green and blue.
std::size_t octets_of_pixel(int turbo_format) noexcept {
    return turbo_format == TJPF_RGB || turbo_format == TJPF_BGR ? 3 : 4;
}

void copy_rows(const RawImage& image, std::size_t row_octets, std::vector<unsigned char>& out) {
    out.resize(row_octets * image.height);
    const auto* from = reinterpret_cast<const unsigned char*>(image.planes[0].data.data());
    for (std::size_t y = 0; y < image.height; ++y)
        std::memcpy(&out[y * row_octets], from + y * image.planes[0].stride, row_octets);
}

// 5 or 6 bits become 8 by repeating the highest, so that full stays full.
void expand_rgb565(const RawImage& image, std::vector<unsigned char>& rgb) {
    rgb.resize(std::size_t{3} * image.width * image.height);
    unsigned char* out = rgb.data();
    for (std::size_t y = 0; y < image.height; ++y) {
        const auto* in = reinterpret_cast<const unsigned char*>(image.planes[0].data.data()) +
                         y * image.planes[0].stride;
        for (std::size_t x = 0; x < image.width; ++x, out += 3) {
            const unsigned pixel = in[2 * x] | static_cast<unsigned>(in[2 * x + 1]) << 8;
            const unsigned red = pixel >> 11;
            const unsigned green = pixel >> 5 & 63;
            const unsigned blue = pixel & 31;
            out[0] = static_cast<unsigned char>(red << 3 | red >> 2);
            out[1] = static_cast<unsigned char>(green << 2 | green >> 4);
            out[2] = static_cast<unsigned char>(blue << 3 | blue >> 2);
        }
    }
}

}  // namespace

bool is_rgb(PixelFormat format) noexcept {
    return turbo_pixel_format(format) >= 0 || format == PixelFormat::rgb565;
}

RgbPixels rgb_pixels(const RawImage& image, std::vector<unsigned char>& buffer) {
    const bool is_565 = image.format == PixelFormat::rgb565;
    RgbPixels pixels{
        .data = reinterpret_cast<const unsigned char*>(image.planes[0].data.data()),
        .stride = image.planes[0].stride,
        .format = is_565 ? static_cast<int>(TJPF_RGB) : turbo_pixel_format(image.format)};
    if (image.full_range && !is_565)
        return pixels;
    pixels.stride = octets_of_pixel(pixels.format) * image.width;
    if (is_565)
        expand_rgb565(image, buffer);
    else
        copy_rows(image, pixels.stride, buffer);
    if (!image.full_range)
        stretch(video_luma, buffer.data(), buffer.size());
    pixels.data = buffer.data();
    return pixels;
}

}  // namespace onlooker::media
