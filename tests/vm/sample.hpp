// Reads single pixels of raw pictures as red, green and blue, by the book (BT.601) and in floating
// point: what tests compare with, so it shares nothing with the encoder.
#pragma once

#include <cstddef>
#include <ostream>
#include <span>
#include <vector>

#include "media/raw_image.hpp"

namespace onlooker::test {

struct Rgb {
    double red = 0;
    double green = 0;
    double blue = 0;
    // The largest difference of the three, in steps of 0..255.
    double distance(const Rgb& other) const;
    // As light, by BT.709: what a grey camera sees of the colour.
    double grey() const { return 0.2126 * red + 0.7152 * green + 0.0722 * blue; }
    friend std::ostream& operator<<(std::ostream& out, const Rgb& colour) {
        return out << colour.red << "/" << colour.green << "/" << colour.blue;
    }
};

// A JPEG decoded by TurboJPEG, as a viewer would. Throws when it does not decode.
class DecodedJpeg {
  public:
    explicit DecodedJpeg(std::span<const std::byte> jpeg);
    const media::RawImage& image() const noexcept { return image_; }

  private:
    std::vector<std::byte> pixels_;
    media::RawImage image_;
};

Rgb pixel_at(const media::RawImage& image, unsigned x, unsigned y);

}  // namespace onlooker::test
