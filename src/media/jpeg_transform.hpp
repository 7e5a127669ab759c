// Lays, cuts and greys a JPEG without decoding its samples: its coefficients are moved, and lose
// nothing (libjpeg-turbo's transupp.c). Of a picture that is too large to be kept as coefficients
// twice (jpeg_coefficients.hpp) they are not.
//
// Owner and thread: one at a time; it keeps what TurboJPEG needs. Errors: values with words.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>

#include "media/orientation.hpp"
#include "media/picture_size.hpp"
#include "media/recipe.hpp"

namespace onlooker::media {

class JpegTransform {
  public:
    struct What {
        Recipe::Crop part;  // in the picture as it is stored; width 0: all of it
        Lay lay;
        bool grey = false;
    };
    struct Result {
        std::span<const std::byte> jpeg;  // good until the next call
        PictureSize size;
        std::string error;  // empty, or why there is no picture
    };

    JpegTransform();
    ~JpegTransform();
    JpegTransform(const JpegTransform&) = delete;
    JpegTransform& operator=(const JpegTransform&) = delete;

    // Whole blocks only. What is cut begins at one, to the left and above of what was asked, as it
    // is seen once it is laid; a side that comes to lie first loses what does not fill one.
    Result run(std::span<const std::byte> jpeg, const What& what);

    // Whether it can be done, and nothing would be lost at the edges.
    bool is_exact(std::span<const std::byte> jpeg, const What& what);

    // Whether there is no colour to be taken away.
    bool is_grey(std::span<const std::byte> jpeg);

  private:
    struct Turbo;
    std::unique_ptr<Turbo> turbo_;
};

}  // namespace onlooker::media
