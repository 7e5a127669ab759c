// Decodes a JPEG to planes, in one of the sizes that its blocks can be decoded to.
//
// Of the eighths, TurboJPEG 2.1 has vector code for 8, 4, 2 and 1 only, so a picture that is to
// have 3/8 is decoded at a half and scaled: cheaper_eighths(). Measured for 1280x720 in 4:2:0, 76
// KB, amd64, in ms (libyuv 1857, box filter):
//
//     eighths              1     2     3     4     5     6     7     8
//     decoded to that   0.83  1.01  1.22  1.16  1.87  2.23  2.98  1.51
//       luma alone      0.80  0.88  1.06  1.02  1.48  1.71  2.28  1.22
//     scaled from 4/8               0.02
//     scaled from 8/8                           0.44  0.06  0.86
//
// Only 5/8 comes out even (1.95 against 1.87), and a full decode serves more recipes of the frame.
//
// Owner and thread: one at a time; it keeps what TurboJPEG needs. Errors: values with words.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "media/planes.hpp"

namespace onlooker::media {

class JpegDecoder {
  public:
    JpegDecoder();
    ~JpegDecoder();
    JpegDecoder(const JpegDecoder&) = delete;
    JpegDecoder& operator=(const JpegDecoder&) = delete;

    // A picture that is larger at the size wanted is refused: its planes alone would fill 200 MB,
    // and those of what is made of it as many. So is, at any size, one that comes in several scans
    // and is too large for that (jpeg_coefficients.hpp).
    static constexpr std::uint64_t most_pixels = std::uint64_t{1} << 26;

    // 1, 2, 4 or 8: the least of them that is not less.
    static unsigned cheaper_eighths(unsigned eighths) noexcept;

    // Empty, or why not, in words. Without `colour` only the luma. The chroma keeps its grid where
    // ChromaGrid has it, and loses nothing elsewhere.
    std::string decode(std::span<const std::byte> jpeg, unsigned eighths, bool colour,
                       Planes& into);

  private:
    std::string decode_planes(std::span<const std::byte> jpeg, Planes& into);
    std::string decode_luma(std::span<const std::byte> jpeg, Planes& into);
    std::string decode_pixels(std::span<const std::byte> jpeg, Planes& into);
    std::string error_of(int status) const;

    struct Turbo;
    std::unique_ptr<Turbo> turbo_;
    std::vector<unsigned char> rgb_;
};

// Gives planes the size that TurboJPEG wants them to have: luma is filled up to whole samples of
// chroma.
void shape(Planes& planes, unsigned width, unsigned height, ChromaGrid grid);

}  // namespace onlooker::media
