#include "v4l2/pixel_formats.hpp"

#include <fmt/format.h>
#include <linux/videodev2.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace onlooker::drivers::v4l2 {
namespace {

using media::PixelFormat;

// The rank follows the encoder: 4:2:0 planes go straight into TurboJPEG, packed 4:2:2 is split
// first, RGB is converted. Grey comes last, because it is a poor choice where there is colour.
constexpr std::array formats{
    KnownFormat{V4L2_PIX_FMT_MJPEG, "MJPEG", std::nullopt, 1, 0},
    KnownFormat{V4L2_PIX_FMT_JPEG, "JPEG", std::nullopt, 1, 0},
    KnownFormat{V4L2_PIX_FMT_YUV420, "YU12", PixelFormat::yuv420, 1, 1},
    KnownFormat{V4L2_PIX_FMT_YVU420, "YV12", PixelFormat::yvu420, 1, 1},
    KnownFormat{V4L2_PIX_FMT_YUV420M, "YM12", PixelFormat::yuv420, 3, 1},
    KnownFormat{V4L2_PIX_FMT_YVU420M, "YM21", PixelFormat::yvu420, 3, 1},
    KnownFormat{V4L2_PIX_FMT_NV12, "NV12", PixelFormat::nv12, 1, 2},
    KnownFormat{V4L2_PIX_FMT_NV21, "NV21", PixelFormat::nv21, 1, 2},
    KnownFormat{V4L2_PIX_FMT_NV12M, "NM12", PixelFormat::nv12, 2, 2},
    KnownFormat{V4L2_PIX_FMT_NV21M, "NM21", PixelFormat::nv21, 2, 2},
    KnownFormat{V4L2_PIX_FMT_YUV422P, "422P", PixelFormat::yuv422, 1, 3},
    KnownFormat{V4L2_PIX_FMT_YUV422M, "YM16", PixelFormat::yuv422, 3, 3},
    KnownFormat{V4L2_PIX_FMT_YUYV, "YUYV", PixelFormat::yuyv, 1, 4},
    KnownFormat{V4L2_PIX_FMT_UYVY, "UYVY", PixelFormat::uyvy, 1, 4},
    KnownFormat{V4L2_PIX_FMT_YVYU, "YVYU", PixelFormat::yvyu, 1, 4},
    KnownFormat{V4L2_PIX_FMT_RGB24, "RGB24", PixelFormat::rgb24, 1, 5},
    KnownFormat{V4L2_PIX_FMT_BGR24, "BGR24", PixelFormat::bgr24, 1, 5},
    KnownFormat{V4L2_PIX_FMT_RGB565, "RGB565", PixelFormat::rgb565, 1, 6},
    KnownFormat{V4L2_PIX_FMT_GREY, "GREY", PixelFormat::grey, 1, 7},
};

struct Alias {
    std::string_view written;
    std::string_view name;
};

// What v4l2-ctl, ustreamer and ffmpeg call the same formats.
constexpr std::array aliases{
    Alias{"MJPG", "MJPEG"},      Alias{"YUV420", "YU12"},  Alias{"I420", "YU12"},
    Alias{"YVU420", "YV12"},     Alias{"YUV422P", "422P"}, Alias{"YUY2", "YUYV"},
    Alias{"RGB3", "RGB24"},      Alias{"BGR3", "BGR24"},   Alias{"RGBP", "RGB565"},
    Alias{"RGB565LE", "RGB565"}, Alias{"GRAY", "GREY"},    Alias{"Y8", "GREY"},
};

}  // namespace

std::span<const KnownFormat> known_formats() noexcept {
    return formats;
}

const KnownFormat* find_format(std::uint32_t fourcc) noexcept {
    const auto found = std::ranges::find(formats, fourcc, &KnownFormat::fourcc);
    return found == formats.end() ? nullptr : &*found;
}

const KnownFormat* find_format(std::string_view name) noexcept {
    for (const Alias& alias : aliases)
        if (equal_ignoring_case(alias.written, name))
            return find_format(alias.name);
    const auto found = std::ranges::find_if(
        formats, [&](const KnownFormat& format) { return equal_ignoring_case(format.name, name); });
    return found == formats.end() ? nullptr : &*found;
}

std::string fourcc_text(std::uint32_t fourcc) {
    std::string text;
    for (unsigned shift = 0; shift < 32; shift += 8)
        text += static_cast<char>((fourcc >> shift) & 0xFFU);
    const bool printable = std::ranges::all_of(text, [](char c) { return c >= ' ' && c < 127; });
    if (!printable)
        return fmt::format("{:#010x}", fourcc);
    text.erase(text.find_last_not_of(' ') + 1);
    return text;
}

}  // namespace onlooker::drivers::v4l2
