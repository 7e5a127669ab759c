// Checks and cleans each JPEG from a camera before anybody sees it.
//
// Cameras send all sorts of things: frames cut short by a busy bus, no Huffman tables, leftovers of
// an older frame behind the end, thumbnails that are JPEGs inside the JPEG. Viewers are not
// lenient: one picture that does not decode makes Chromium drop the stream, and every home-made
// parser that searches for FF D9 stumbles over a thumbnail. So each picture is walked once, segment
// by segment, without decoding it:
//
//   - the end is where the segments end, and what follows is cut; no end means truncated;
//   - the size is read from the frame header, so that a few hundred octets that claim to be
//     65500 x 65500 never reach a decoder;
//   - missing Huffman tables are inserted (T.81, Annex K.3);
//   - thumbnails, previews (MPF) and all other EXIF and XMP data are removed, except the
//     orientation, and so is any comment or application segment that holds a start or end mark.
//
// libjpeg's own reader of headers would not do: it stops at the first scan, so it neither finds the
// end nor what is missing behind it, and it removes nothing.
//
// The result refers to the octets of the picture and to constants: nothing is copied or allocated.
// Pure; any thread. Costs about as much as a memchr over the picture.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "media/jpeg_error.hpp"
#include "media/jpeg_frame_header.hpp"
#include "media/jpeg_pieces.hpp"
#include "media/picture_size.hpp"

namespace onlooker::media {

struct JpegLimits {
    std::size_t octets = std::size_t{32} << 20;
    unsigned width = longest_side;
    unsigned height = longest_side;
    std::uint64_t pixels = 64'000'000;
    unsigned scans = 64;
};

class CheckedJpeg {
  public:
    explicit operator bool() const noexcept { return error == JpegError::none; }

    // The cleaned picture, piece after piece, as Frame::make wants it. Empty after an error.
    std::span<const std::span<const std::byte>> pieces() const noexcept { return pieces_.all(); }
    std::size_t size() const noexcept;

    JpegError error = JpegError::none;
    unsigned width = 0;
    unsigned height = 0;
    unsigned components = 0;
    ChromaLayout chroma = ChromaLayout::other;
    bool progressive = false;

  private:
    friend class JpegWalker;

    JpegPieces pieces_;
};

CheckedJpeg check_jpeg(std::span<const std::byte> data, const JpegLimits& limits = {}) noexcept;

}  // namespace onlooker::media
