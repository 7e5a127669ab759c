#include "media/canvas.hpp"

#include <algorithm>
#include <stdexcept>

namespace onlooker::media {

namespace {

Rectangle clipped(const Rectangle& area, int width, int height) {
    const int left = std::clamp(area.x, 0, width), top = std::clamp(area.y, 0, height);
    const int right = std::clamp(area.x + std::max(area.width, 0), left, width);
    const int bottom = std::clamp(area.y + std::max(area.height, 0), top, height);
    return {left, top, right - left, bottom - top};
}

// The chroma samples of an area: those whose last pixel lies in it, so that areas side by side
// neither share a sample nor leave one out. The last pixel of an odd row stands for two.
Rectangle in_chroma(const Rectangle& area, int width, int height) {
    const auto half = [](int position, int end) {
        return position == end ? (position + 1) / 2 : position / 2;
    };
    const int left = half(area.x, width), top = half(area.y, height);
    const int right = half(area.x + area.width, width), bottom = half(area.y + area.height, height);
    return {left, top, right - left, bottom - top};
}

std::uint8_t mixed(int below, int above, int share, int whole) noexcept {
    return static_cast<std::uint8_t>((below * (whole - share) + above * share + whole / 2) / whole);
}

int checked_side(unsigned pixels) {
    if (pixels == 0 || pixels > longest_side)
        throw std::invalid_argument("Canvas: no such size");
    return static_cast<int>(pixels);
}

std::size_t product(int a, int b) {
    return static_cast<std::size_t>(a) * static_cast<std::size_t>(b);
}

}  // namespace

Canvas::Canvas(unsigned width, unsigned height)
    : width_(checked_side(width)),
      height_(checked_side(height)),
      luma_{0, width_, height_},
      blue_{product(width_, height_), (width_ + 1) / 2, (height_ + 1) / 2},
      red_{blue_.offset + product(blue_.width, blue_.height), blue_.width, blue_.height},
      buffer_(red_.offset + product(red_.width, red_.height)) {
    fill(area(), Colour{});
}

std::uint8_t* Canvas::row(const Samples& plane, int y) noexcept {
    return buffer_.data() + plane.offset + product(y, plane.width);
}

std::span<std::uint8_t> Canvas::luma_row(int y) noexcept {
    return {row(luma_, y), static_cast<std::size_t>(width_)};
}

void Canvas::fill(const Samples& plane, const Rectangle& area, std::uint8_t value) {
    for (int y = area.y; y < area.y + area.height; ++y)
        std::fill_n(row(plane, y) + area.x, area.width, value);
}

void Canvas::fill(const Rectangle& wanted, Colour colour) {
    const Rectangle area = clipped(wanted, width_, height_);
    const Rectangle chroma = in_chroma(area, width_, height_);
    fill(luma_, area, colour.luma);
    fill(blue_, chroma, colour.blue);
    fill(red_, chroma, colour.red);
}

void Canvas::restore(const Samples& plane, const Canvas& from, const Rectangle& area) {
    for (int y = area.y; y < area.y + area.height; ++y) {
        const std::size_t begin =
            plane.offset + product(y, plane.width) + static_cast<std::size_t>(area.x);
        std::copy_n(from.buffer_.data() + begin, area.width, buffer_.data() + begin);
    }
}

void Canvas::restore(const Canvas& from, const Rectangle& wanted) {
    if (from.width_ != width_ || from.height_ != height_)
        throw std::invalid_argument("Canvas: restored from another size");
    const Rectangle area = clipped(wanted, width_, height_);
    const Rectangle chroma = in_chroma(area, width_, height_);
    restore(luma_, from, area);
    restore(blue_, from, chroma);
    restore(red_, from, chroma);
}

void Canvas::blend_luma(const Coverage& shape, int x, int y, std::uint8_t value) {
    const Rectangle area = clipped({x, y, shape.width, shape.height}, width_, height_);
    for (int at_y = area.y; at_y < area.y + area.height; ++at_y) {
        std::uint8_t* samples = row(luma_, at_y);
        const std::uint8_t* covered = shape.values.data() + product(at_y - y, shape.width);
        for (int at_x = area.x; at_x < area.x + area.width; ++at_x)
            if (const int share = covered[at_x - x]; share != 0)
                samples[at_x] = mixed(samples[at_x], value, share, 255);
    }
}

void Canvas::blend_chroma(const Coverage& shape, int x, int y, Colour colour) {
    const Rectangle area = clipped({x, y, shape.width, shape.height}, width_, height_);
    for (int cell_y = area.y / 2; 2 * cell_y < area.y + area.height; ++cell_y) {
        std::uint8_t* blue = row(blue_, cell_y);
        std::uint8_t* red = row(red_, cell_y);
        for (int cell_x = area.x / 2; 2 * cell_x < area.x + area.width; ++cell_x) {
            const int left = 2 * cell_x - x, top = 2 * cell_y - y;
            const int share = shape.at(left, top) + shape.at(left + 1, top) +
                              shape.at(left, top + 1) + shape.at(left + 1, top + 1);
            blue[cell_x] = mixed(blue[cell_x], colour.blue, share, 4 * 255);
            red[cell_x] = mixed(red[cell_x], colour.red, share, 4 * 255);
        }
    }
}

void Canvas::blend(const Coverage& shape, int x, int y, Colour colour) {
    blend_luma(shape, x, y, colour.luma);
    blend_chroma(shape, x, y, colour);
}

RawImage Canvas::image() const noexcept {
    RawImage image = raw_image_in(std::as_bytes(std::span(buffer_)), PixelFormat::yuv420,
                                  static_cast<unsigned>(width_), static_cast<unsigned>(height_));
    image.full_range = true;
    return image;
}

}  // namespace onlooker::media
