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
//     orientation, and so is any comment or application segment that holds a start or end mark;
//   - what decoders pass over is removed, so that the picture becomes one by the standard: octets
//     between segments, markers that mean nothing where they stand, segments of kinds that no
//     decoder knows, and the coefficients that a sequential scan says it has; components that
//     share an id get their own.
//
// A picture is refused when a viewer's decoder or parser would come to harm, and not because it
// breaks a rule. jpeg_habits_test.cpp has the list of what is shown and what is refused, with what
// Chromium, djpeg (libjpeg-turbo) and ffmpeg make of each.
//
// libjpeg's own reader of headers would not do: it stops at the first scan, so it neither finds the
// end nor what is missing behind it, and it removes nothing.
//
// The result refers to the octets of the picture and to constants: nothing is copied or allocated.
// Pure; any thread. Costs one pass over the picture, about as much as a memchr.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "media/jpeg_error.hpp"
#include "media/jpeg_frame_header.hpp"
#include "media/jpeg_pieces.hpp"
#include "media/picture_size.hpp"

namespace onlooker::media {

// Nothing is decoded here, so the octets are all that a picture costs us. The pixels are for those
// who show it: at four octets each they fill 1 GiB of a browser, which shows phones' 200 megapixels
// (16320 x 12240) and is spared bombs.
struct JpegLimits {
    std::size_t octets = std::size_t{32} << 20;
    unsigned width = longest_jpeg_side;
    unsigned height = longest_jpeg_side;
    std::uint64_t pixels = std::uint64_t{1} << 28;
    unsigned scans = 64;
    // A picture that ends in its last scan is given an end mark. For cameras that never send one:
    // then one that was cut short cannot be told from a whole one.
    bool allow_truncated = false;
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
