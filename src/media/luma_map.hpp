// A picture's luma at an eighth: one grey level for every 8 x 8 pixels, which is their mean. Noise
// of single pixels is an eighth of itself in it, and what a person would call a change is not.
//
// A JPEG is decoded at an eighth, without its colours; a raw picture is added up where it lies.
//
// Owner and thread: one at a time.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "media/raw_image.hpp"

namespace onlooker::media {

struct LumaMap {
    unsigned width = 0;  // cells
    unsigned height = 0;
    std::vector<unsigned char> cells;
};

class LumaMapper {
  public:
    LumaMapper();
    LumaMapper(const LumaMapper&) = delete;
    LumaMapper& operator=(const LumaMapper&) = delete;
    ~LumaMapper();

    // `image` was found good by check_planes(). Of red, green and blue, green counts twice.
    void map(const RawImage& image, LumaMap& into);
    // False: it has no luma that can be decoded; `into` is empty then. The picture was found good
    // by check_jpeg().
    bool map(std::span<const std::byte> jpeg, LumaMap& into);

  private:
    struct Decoder;
    std::unique_ptr<Decoder> decoder_;  // of the first JPEG on
    std::vector<unsigned> sums_;        // of one row of cells
};

// The greatest difference of two cells at the same place, in grey levels of 0 to 255; 255 for maps
// of different sizes.
unsigned greatest_difference(const LumaMap& one, const LumaMap& other) noexcept;

}  // namespace onlooker::media
