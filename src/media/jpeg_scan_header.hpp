// The header of a scan in a JPEG (SOS, ITU-T T.81, B.2.3): which components it holds, which tables
// they refer to, which coefficients and which of their bits it has. Pure; any thread.
#pragma once

#include <array>
#include <cstddef>
#include <span>

#include "media/jpeg_error.hpp"
#include "media/jpeg_frame_header.hpp"
#include "media/jpeg_tables.hpp"

namespace onlooker::media {

struct JpegScanHeader {
    struct Component {
        unsigned index = 0;   // in the frame header
        unsigned direct = 0;  // numbers of its Huffman tables
        unsigned alternating = 0;
    };

    unsigned component_count = 0;
    std::array<Component, JpegFrameHeader::most_components> components{};
    // The first and last coefficient, and from which bit on; a sequential scan has all of them,
    // whatever it says: decoders do not look.
    unsigned first = 0;
    unsigned last = 63;
    unsigned successive_high = 0;
    // Whether the octets say what `first` to `successive_high` do. If not, they had better be
    // those of whole_sequential_range().
    bool range_is_as_written = true;

    std::span<const Component> known() const noexcept {
        return std::span(components).first(component_count);
    }
    // The Huffman tables that it cannot be decoded without.
    HuffmanSet needed_huffman() const noexcept;
};

// Reads the body of an SOS segment. `scan` holds nothing of use after an error.
JpegError read_scan_header(std::span<const std::byte> body, const JpegFrameHeader& frame,
                           JpegScanHeader& scan) noexcept;

// The end of a header of a sequential scan, as T.81 wants it: coefficients 0 to 63, all bits.
inline constexpr std::size_t range_size = 3;
std::span<const std::byte, range_size> whole_sequential_range() noexcept;

}  // namespace onlooker::media
