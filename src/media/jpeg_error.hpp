// What can be wrong with a JPEG that a camera sends. Pure; any thread.
#pragma once

#include <cstdint>
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

}  // namespace onlooker::media
