// A small drawing surface, for the cards and test pictures that the program draws itself.
//
// It is planar YUV 4:2:0 in full range, as a JPEG holds it, so the encoder takes image() without
// conversion. Everything is clipped to the surface.
//
// Owner: its maker. Thread: one at a time. The octets that image() lends are good until the
// canvas is drawn on again or destroyed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "media/picture_size.hpp"
#include "media/raw_image.hpp"

namespace onlooker::media {

struct Colour {
    std::uint8_t luma = 0;
    std::uint8_t blue = 128;  // Cb
    std::uint8_t red = 128;   // Cr

    friend bool operator==(const Colour&, const Colour&) = default;
};

// From red, green and blue, each 0..255, as JFIF 1.02 says.
constexpr Colour rgb(int red, int green, int blue) noexcept {
    const auto rounded = [](double value) {
        return static_cast<std::uint8_t>(value < 0 ? 0 : value > 255 ? 255 : value + 0.5);
    };
    return {rounded(0.299 * red + 0.587 * green + 0.114 * blue),
            rounded(128 - 0.168736 * red - 0.331264 * green + 0.5 * blue),
            rounded(128 + 0.5 * red - 0.418688 * green - 0.081312 * blue)};
}

// Pixels; may lie outside the surface in part or as a whole.
struct Rectangle {
    int x = 0;
    int y = 0;
    int width = 0;
    int height = 0;

    friend bool operator==(const Rectangle&, const Rectangle&) = default;
};

// How much of each pixel a shape covers: 0 nothing, 255 all of it. Row by row, without gaps.
struct Coverage {
    int width = 0;
    int height = 0;
    std::vector<std::uint8_t> values;

    // 0 outside.
    int at(int x, int y) const noexcept {
        const bool inside = x >= 0 && y >= 0 && x < width && y < height;
        return inside ? values[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
                               static_cast<std::size_t>(x)]
                      : 0;
    }
};

class Canvas {
  public:
    // Black. Both sides 1..longest_side, also odd; throws std::invalid_argument otherwise.
    Canvas(unsigned width, unsigned height);

    int width() const noexcept { return width_; }
    int height() const noexcept { return height_; }
    Rectangle area() const noexcept { return {0, 0, width_, height_}; }

    void fill(const Rectangle& wanted, Colour colour);

    // Lays `colour` over the surface where the shape is, whose upper left corner is at x, y.
    void blend(const Coverage& shape, int x, int y, Colour colour);

    // Copies a part of another canvas of the same size, for backgrounds that are drawn once.
    // Throws std::invalid_argument when the sizes differ.
    void restore(const Canvas& from, const Rectangle& wanted);

    // One row of luma, 0 <= y < height, for what is drawn pixel by pixel.
    std::span<std::uint8_t> luma_row(int y) noexcept;

    RawImage image() const noexcept;

  private:
    struct Samples {  // one plane within buffer_
        std::size_t offset;
        int width;
        int height;
    };

    void fill(const Samples& plane, const Rectangle& area, std::uint8_t value);
    void restore(const Samples& plane, const Canvas& from, const Rectangle& area);
    void blend_luma(const Coverage& shape, int x, int y, std::uint8_t value);
    void blend_chroma(const Coverage& shape, int x, int y, Colour colour);
    std::uint8_t* row(const Samples& plane, int y) noexcept;

    int width_;
    int height_;
    Samples luma_;
    Samples blue_;
    Samples red_;
    std::vector<std::uint8_t> buffer_;
};

}  // namespace onlooker::media
