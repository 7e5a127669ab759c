// The pixel formats that the driver takes, and what each is in memory. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "media/raw_image.hpp"

namespace onlooker::drivers::v4l2 {

struct KnownFormat {
    std::uint32_t fourcc = 0;
    std::string_view name;  // as it is written in options and by v4l2-ctl: "YUYV"
    // Absent: a whole JPEG per buffer.
    std::optional<media::PixelFormat> pixels;
    // The planes lie in this many buffers of their own (V4L2's M formats); 1: in one.
    unsigned memory_planes = 1;
    // What it costs us, and what it costs the picture: smaller is better. 0 is sent as it is.
    int rank = 0;
};

// Best rank first.
std::span<const KnownFormat> known_formats() noexcept;

const KnownFormat* find_format(std::uint32_t fourcc) noexcept;

// By name, in any case; "YU12" and "YUV420" and "I420" are one. Null when unknown.
const KnownFormat* find_format(std::string_view name) noexcept;

// "MJPG", or "0x00000001" where it is not text.
std::string fourcc_text(std::uint32_t fourcc);

}  // namespace onlooker::drivers::v4l2
