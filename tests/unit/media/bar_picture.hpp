// A picture of eight upright bars in any raw format.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <span>
#include <vector>

#include "media/canvas.hpp"
#include "media/raw_image.hpp"

namespace onlooker::media {

struct Rgb {
    int red, green, blue;
};
inline constexpr unsigned bar_width = 16;

// The colour of a column.
const Rgb& colour_at(unsigned x);

// In memory of its own, written pixel by pixel as the comments in raw_image.hpp say that formats
// lie.
class BarPicture {
  public:
    BarPicture(PixelFormat format, unsigned width, unsigned height, std::size_t stride = 0,
               bool full_range = true);

    const RawImage& image() const { return image_; }
    std::span<const std::byte> octets() const { return octets_; }

  private:
    void set(std::size_t plane, unsigned y, std::size_t octet, int value);
    void put(unsigned x, unsigned y, Rgb of);
    void put_pixel(unsigned x, unsigned y, std::initializer_list<int> values);
    void put_packed(unsigned x, unsigned y, const Colour& c, int luma, int blue, int red);
    void put_planar(unsigned x, unsigned y, const Colour& c);

    std::vector<std::byte> octets_;
    RawImage image_;
};

}  // namespace onlooker::media
