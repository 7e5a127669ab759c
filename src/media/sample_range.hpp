// Video range to full range: most cameras and every HDMI signal keep black at 16 and white at 235,
// chroma between 16 and 240 (BT.601, BT.709); JPEG means 0 to 255 (JFIF, T.871). Without
// this such a picture has no white, no black and pale colours.
//
// Each sample is stretched as it is copied, while its row is in the nearest cache.
// Scaling the quantisation tables of the JPEG instead would cost nothing, but they are whole
// numbers, and the small ones of a good quality cannot be made a seventh larger.
#pragma once

#include <cstddef>
#include <cstdint>

namespace onlooker::media {

// A sample x becomes a + (a * factor + bias) / 1024, with a = clamp(x, lowest, highest) - lowest.
// All of it fits into 16 bits, so that the processor takes eight or more samples at a time.
struct SampleRange {
    std::uint8_t lowest;
    std::uint8_t highest;
    std::uint16_t factor;
    std::uint16_t bias;
};

// (x - 16) * 255 / 219, to the nearest. For red, green and blue in video range too.
inline constexpr SampleRange video_luma{16, 235, 168, 544};
// (x - 128) * 255 / 224 + 128, halves upwards: 128 stays 128, or grey would get a tint.
inline constexpr SampleRange video_chroma{16, 240, 142, 959};

// In place. Pure; any thread.
void stretch(SampleRange range, unsigned char* samples, std::size_t count) noexcept;

}  // namespace onlooker::media
