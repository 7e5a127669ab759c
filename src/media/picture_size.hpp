// The width and height of a picture, as users write them: "1280x720". Pure; any thread.
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace onlooker::media {

// Pixels. No camera can be asked for a picture that is longer.
inline constexpr unsigned longest_side = 16384;
// What libjpeg takes, and with it nearly all that shows a JPEG (JPEG_MAX_DIMENSION in jmorecfg.h).
inline constexpr unsigned longest_jpeg_side = 65500;

struct PictureSize {
    unsigned width = 0;
    unsigned height = 0;
    friend auto operator<=>(const PictureSize&, const PictureSize&) = default;
    double area() const noexcept { return static_cast<double>(width) * height; }
};

// The whole of `text`: two sides of 1 to longest_side with an 'x' or 'X' between them.
std::optional<PictureSize> parse_size(std::string_view text);
std::string to_text(PictureSize size);

}  // namespace onlooker::media
