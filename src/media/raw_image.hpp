// A picture as a camera hands it over: either a whole JPEG, or raw planes and their format.
//
// Both are borrowed: they point into the device's buffer and are good until the driver is asked
// for its next picture. Nobody keeps one. The functions are pure; any thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <variant>

namespace onlooker::media {

// Named as V4L2 and the field name them; the comment says how the octets lie in memory.
enum class PixelFormat : std::uint8_t {
    grey,    // Y, one plane
    yuyv,    // Y0 U Y1 V, packed 4:2:2
    yvyu,    // Y0 V Y1 U
    uyvy,    // U Y0 V Y1
    nv12,    // Y plane, then a plane of U V pairs, 4:2:0
    nv21,    // Y plane, then a plane of V U pairs
    yuv420,  // Y, U, V planes, 4:2:0 (V4L2 YU12)
    yvu420,  // Y, V, U planes, 4:2:0 (V4L2 YV12)
    yuv422,  // Y, U, V planes, 4:2:2 (V4L2 422P)
    rgb565,  // little-endian 16 bit: rrrrrggggggbbbbb
    rgb24,   // R G B
    bgr24,   // B G R
    rgbx32,  // R G B and one unused octet
    bgrx32,  // B G R and one unused octet
};

std::string_view to_string(PixelFormat format) noexcept;

// How many planes the format has: 1, 2 or 3.
std::size_t plane_count(PixelFormat format) noexcept;

// A plane of a picture by itself, as it is when its rows are packed without a gap.
struct PlaneSize {
    std::size_t row = 0;  // octets of a row that belong to the picture
    std::size_t rows = 0;
};

// The size of one plane; {0, 0} for an unknown format.
PlaneSize plane_size(PixelFormat format, unsigned width, unsigned height,
                     std::size_t plane = 0) noexcept;

// Whether `octets` hold all rows of a plane, `stride` octets apart. The last row need not be
// padded: some buffers end with its last pixel. No stride makes it overflow.
bool holds_rows(std::size_t octets, std::size_t stride, PlaneSize size) noexcept;

struct Plane {
    std::span<const std::byte> data;
    std::size_t stride = 0;  // octets from one row to the next
};

struct RawImage {
    PixelFormat format = PixelFormat::grey;
    unsigned width = 0;   // pixels
    unsigned height = 0;  // rows
    std::array<Plane, 3> planes{};
    // 0..255 as in JPEG; else video range, luma (or red, green, blue) 16..235 and chroma 16..240.
    bool full_range = false;
};

// Splits one contiguous buffer into planes as V4L2 lays out single-planar formats: planes follow
// each other, the chroma stride follows from `stride`. With stride 0 rows are packed tightly.
RawImage raw_image_in(std::span<const std::byte> buffer, PixelFormat format, unsigned width,
                      unsigned height, std::size_t stride = 0) noexcept;

struct JpegImage {
    std::span<const std::byte> data;
};

using Picture = std::variant<JpegImage, RawImage>;

}  // namespace onlooker::media
