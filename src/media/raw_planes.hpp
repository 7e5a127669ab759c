// Planes made from a raw picture: what variants of it, and what is done to it at its source, begin
// with.
//
// Measured for 1280x720 (amd64): to keep the planes costs 0.03 ms beside an encode of 1.7 ms, where
// decoding the JPEG again costs 1.4 ms at full size, 1.05 at a half, 0.9 at a quarter and 0.75 at
// an eighth, since its Huffman codes have to be read at any size; scaling the planes to a half or a
// quarter takes libyuv 0.02 ms. So a raw picture is never decoded from its JPEG.
//
// Owner and thread: a capture thread or a worker of one.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "media/planar_picture.hpp"
#include "media/planes.hpp"
#include "media/raw_image.hpp"

namespace onlooker::media {

class RawPlanes {
  public:
    RawPlanes();
    RawPlanes(RawPlanes&&) noexcept;
    RawPlanes& operator=(RawPlanes&&) noexcept;
    ~RawPlanes();

    // Empty, or why it cannot be done, in words. Chroma that is finer than `wanted` is thinned out;
    // coarser chroma stays as it is; the range is full.
    std::string_view load(const RawImage& image, ChromaSampling wanted, Planes& into);

  private:
    struct Converter;

    std::string_view load_rgb(const RawImage& image, ChromaSampling wanted, Planes& into);

    PlanarPicture planar_;
    std::unique_ptr<Converter> converter_;  // of red, green and blue; from the first such on
    std::vector<unsigned char> rgb_;
};

}  // namespace onlooker::media
