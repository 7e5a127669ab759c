// Which of a camera's pixel formats and sizes to take. Knows libcamera's formats by their numbers
// (DRM fourcc codes) only, so that it is tested where no libcamera is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "media/picture_size.hpp"
#include "media/raw_image.hpp"

namespace onlooker::drivers::libcamera_driver {

using media::PictureSize;

// A format that the program can use.
struct KnownFormat {
    std::uint32_t fourcc;
    std::string_view name;  // as it is written in options
    // How it lies in memory; nothing for JPEG.
    std::optional<media::PixelFormat> raw;
};

// In the order of preference: first what is sent on untouched, then what the JPEG encoder takes
// without a conversion.
std::span<const KnownFormat> known_formats() noexcept;
const KnownFormat* known_format(std::uint32_t code) noexcept;
const KnownFormat* known_format(std::string_view name) noexcept;

// What a camera offers for one format: single sizes, or a range, or both.
struct OfferedFormat {
    std::uint32_t fourcc = 0;
    std::vector<PictureSize> sizes;
    PictureSize smallest;
    PictureSize largest;
    unsigned horizontal_step = 1;
    unsigned vertical_step = 1;
};

struct WantedPicture {
    const KnownFormat* format = nullptr;  // none: the best
    std::optional<PictureSize> size;      // none: the largest that fits 1280x720
};

struct ChosenPicture {
    const KnownFormat* format;
    // To be tried in this order, the camera having the last word: the wanted one, which a camera
    // that scales may take although it does not list it, then the nearest that it lists.
    std::vector<PictureSize> sizes;
};

// Nothing when the camera offers no format that the program can use, or not the wanted one.
std::optional<ChosenPicture> choose_picture(std::span<const OfferedFormat> offered,
                                            const WantedPicture& wanted);

// How unlike two sizes are: by area first, then by shape.
double distance(PictureSize a, PictureSize b) noexcept;

// The planes of a picture in memory. `pieces` are the camera's buffers for it: one for each plane,
// or a single one that holds them all, one behind the other. Nothing when they are too short.
std::optional<media::RawImage> picture_in(std::span<const std::span<const std::byte>> pieces,
                                          media::PixelFormat format, PictureSize size,
                                          std::size_t stride);

// Whether samples may be in video range; where libcamera does not say more, they are then.
bool may_be_video_range(media::PixelFormat format) noexcept;

// How many octets each plane takes.
std::vector<std::size_t> plane_sizes(media::PixelFormat format, PictureSize size,
                                     std::size_t stride);

}  // namespace onlooker::drivers::libcamera_driver
