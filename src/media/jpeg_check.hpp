// Picture hygiene: what a JPEG from a camera must pass before anybody sees it.
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
//   - missing Huffman tables are put in (T.81, Annex K.3);
//   - thumbnails, previews (MPF) and all other EXIF and XMP data go, but for the orientation, and
//   so
//     does any comment or application segment in which a start or end mark would be found.
//
// The result refers to the octets of the picture and to constants: nothing is copied or allocated.
// Pure; any thread. Costs about a memchr over the picture.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace onlooker::media {

enum class JpegError : std::uint8_t {
    none,
    too_large,        // more octets than the limit
    no_start,         // does not begin with FF D8
    truncated,        // ends, or the next picture starts, before its end mark
    broken_segment,   // a segment contradicts itself
    no_frame_header,  // no SOF before the first scan, or two of them
    unsupported,      // lossless, hierarchical, arithmetic or 12 bit: browsers show none of them
    bad_dimensions,   // zero, or over the limits
    missing_table,    // a scan refers to a table that was not sent
    too_many_scans,   // a progressive JPEG that would keep decoders busy
    too_many_pieces,  // so many segments to remove that it cannot be a camera's picture
};

// For the log and the user: "the picture is cut short".
std::string_view to_string(JpegError error) noexcept;

struct JpegLimits {
    std::size_t octets = std::size_t{32} << 20;
    unsigned width = 16384;
    unsigned height = 16384;
    std::uint64_t pixels = 64'000'000;
    unsigned scans = 64;
};

enum class ChromaLayout : std::uint8_t { grey, yuv444, yuv440, yuv422, yuv420, yuv411, other };

class CheckedJpeg {
  public:
    static constexpr std::size_t most_pieces = 8;

    explicit operator bool() const noexcept { return error == JpegError::none; }

    // The cleaned picture, piece after piece, as Frame::make wants it. Empty after an error.
    std::span<const std::span<const std::byte>> pieces() const noexcept {
        return std::span(pieces_).first(piece_count_);
    }
    std::size_t size() const noexcept;

    JpegError error = JpegError::none;
    unsigned width = 0;
    unsigned height = 0;
    unsigned components = 0;
    ChromaLayout chroma = ChromaLayout::other;
    bool progressive = false;

  private:
    friend class JpegWalker;

    std::array<std::span<const std::byte>, most_pieces> pieces_{};
    std::size_t piece_count_ = 0;
};

CheckedJpeg check_jpeg(std::span<const std::byte> data, const JpegLimits& limits = {}) noexcept;

}  // namespace onlooker::media
