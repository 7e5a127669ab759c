// Red, green and blue as TurboJPEG takes them: where they lie if it can, else unpacked or stretched
// to full range into a buffer.
//
// Pure; any thread.
#pragma once

#include <cstddef>
#include <vector>

#include "media/raw_image.hpp"

namespace onlooker::media {

struct RgbPixels {
    const unsigned char* data = nullptr;
    std::size_t stride = 0;  // octets
    int format = 0;          // TJPF
};

// Whether the format is one of red, green and blue.
bool is_rgb(PixelFormat format) noexcept;

// `image` was found good by check_planes(). The pixels are good until `buffer` changes.
RgbPixels rgb_pixels(const RawImage& image, std::vector<unsigned char>& buffer);

}  // namespace onlooker::media
