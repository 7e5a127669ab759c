// Takes a part of a picture in planes, scales it, and lays it (orientation.hpp), in this order,
// with libyuv.
//
// Chroma stays where it is: where a cut or a mirror would go between the pixels that share a
// sample, which only odd numbers do, it is brought to the resolution of luma along that axis first.
// A picture of one sample for two pixels in a row has, turned by a quarter, one for two in a
// column.
//
// Owner and thread: one at a time; it keeps its buffers. Errors: values with words.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "media/orientation.hpp"
#include "media/picture_size.hpp"
#include "media/planes.hpp"
#include "media/recipe.hpp"

namespace onlooker::media {

class PlaneEdit {
  public:
    struct What {
        Recipe::Crop part;  // pixels of the planes; lies within them
        PictureSize size;   // of the part once it is scaled, before it is laid
        Lay lay;
        bool grey = false;

        // The planes as they are.
        bool is_plain(const Planes& planes) const noexcept;
    };

    // What is longer than that is not scaled: libyuv counts in 65536ths of a pixel, in 32 bits, and
    // reads and writes beyond the picture (its ScalePlane(), version 1857).
    static constexpr unsigned longest_scaled_side = 32'767;

    // Empty, or why not, in words.
    std::string_view run(const Planes& from, const What& what, Planes& into);

  private:
    // Samples of one plane, in the planes themselves or in a buffer.
    struct View {
        const std::uint8_t* data = nullptr;
        int stride = 0;
        int width = 0;
        int height = 0;
    };

    View part_of_luma(const Planes& from, const What& what) const noexcept;
    View part_of_chroma(const Planes::Plane& plane, const Planes& from, const What& what);
    void run_plane(View from, int width, int height, Lay lay, Planes::Plane& into);

    std::vector<std::uint8_t> finer_;  // chroma at the resolution of luma
    std::vector<std::uint8_t> finer_row_;
    std::vector<std::uint8_t> scaled_;  // before it is laid
};

}  // namespace onlooker::media
