// Segments of a JPEG that jpeg_check inserts where the camera left them out, or in place of those
// that must not be shown. All are constants, markers included. Pure; any thread.
#pragma once

#include <cstddef>
#include <span>

namespace onlooker::media {

// A DHT segment with the tables of ITU-T T.81, Annex K.3, which a picture without tables uses by
// the convention of Motion JPEG in AVI.
std::span<const std::byte> standard_huffman_segment() noexcept;

// A DHT segment with a single one of these tables: its beginning, and the table. The class is 0 for
// DC coefficients and 1 for AC coefficients, the number 0 or 1.
struct HuffmanSegment {
    std::span<const std::byte> head;
    std::span<const std::byte> table;
};
HuffmanSegment standard_huffman_segment(unsigned table_class, unsigned number) noexcept;

std::span<const std::byte> end_mark() noexcept;

// The octet that names a component by its place, 0..3, where their own names are no use.
std::span<const std::byte> component_id(unsigned index) noexcept;

// An APP1 segment that holds nothing but the orientation, 1..8; empty for anything else.
std::span<const std::byte> orientation_segment(unsigned orientation) noexcept;

// A JFIF APP0 segment without a thumbnail.
std::span<const std::byte> plain_jfif_segment() noexcept;

// The orientation that the body of an EXIF APP1 segment (from "Exif" on) states; 0: none.
unsigned exif_orientation(std::span<const std::byte> body) noexcept;

}  // namespace onlooker::media
