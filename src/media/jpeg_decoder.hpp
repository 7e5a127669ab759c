// Decodes a JPEG to planes, in one of the sizes that its blocks can be decoded to.
//
// Of the eighths, TurboJPEG has vector code for 8, 4, 2 and 1 only, so a picture that is to have
// 3/8 is decoded at a half and scaled: cheaper_eighths().
//
// Owner and thread: one at a time; it keeps what TurboJPEG needs. Errors: values with words.
#pragma once

#include <cstddef>
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
