#include "libcamera/formats.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

#include "base/text.hpp"

namespace onlooker::drivers::libcamera_driver {

namespace {

using media::PixelFormat;

constexpr PictureSize common_size{1280, 720};

constexpr std::uint32_t fourcc(const char (&code)[5]) {
    std::uint32_t number = 0;
    for (unsigned i = 0; i < 4; ++i)
        number |= std::uint32_t{static_cast<unsigned char>(code[i])} << (8 * i);
    return number;
}

// DRM names packed formats from the highest octet of a little-endian word, so its RGB888 lies in
// memory as B G R (drm_fourcc.h).
constexpr std::array formats{
    KnownFormat{fourcc("MJPG"), "mjpeg", std::nullopt},
    KnownFormat{fourcc("YU12"), "yuv420", PixelFormat::yuv420},
    KnownFormat{fourcc("NV12"), "nv12", PixelFormat::nv12},
    KnownFormat{fourcc("YV12"), "yvu420", PixelFormat::yvu420},
    KnownFormat{fourcc("NV21"), "nv21", PixelFormat::nv21},
    KnownFormat{fourcc("YU16"), "yuv422", PixelFormat::yuv422},
    KnownFormat{fourcc("YUYV"), "yuyv", PixelFormat::yuyv},
    KnownFormat{fourcc("UYVY"), "uyvy", PixelFormat::uyvy},
    KnownFormat{fourcc("YVYU"), "yvyu", PixelFormat::yvyu},
    KnownFormat{fourcc("RG24"), "bgr24", PixelFormat::bgr24},
    KnownFormat{fourcc("BG24"), "rgb24", PixelFormat::rgb24},
    KnownFormat{fourcc("XR24"), "bgrx32", PixelFormat::bgrx32},
    KnownFormat{fourcc("XB24"), "rgbx32", PixelFormat::rgbx32},
    KnownFormat{fourcc("RG16"), "rgb565", PixelFormat::rgb565},
    KnownFormat{fourcc("R8  "), "grey", PixelFormat::grey},
};

bool fits(PictureSize size, PictureSize room) {
    return size.width <= room.width && size.height <= room.height;
}

unsigned clamp_to_step(unsigned value, unsigned least, unsigned most, unsigned step) {
    const unsigned clamped = std::clamp(value, least, std::max(least, most));
    return clamped - (clamped - least) % std::max(step, 1U);
}

bool has_range(const OfferedFormat& offer) {
    return offer.largest.width > 0 && offer.largest.height > 0;
}

PictureSize largest_that_fits(const std::vector<PictureSize>& sizes, PictureSize room) {
    PictureSize best{};
    for (const PictureSize size : sizes)
        if (fits(size, room) && size.area() > best.area())
            best = size;
    if (best.width == 0)
        best = *std::ranges::min_element(sizes, {}, &PictureSize::area);
    return best;
}

PictureSize nearest(const std::vector<PictureSize>& sizes, PictureSize wanted) {
    return *std::ranges::min_element(sizes, {},
                                     [wanted](PictureSize size) { return distance(size, wanted); });
}

PictureSize clamped(PictureSize size, const OfferedFormat& offer) {
    return {
        clamp_to_step(size.width, offer.smallest.width, offer.largest.width, offer.horizontal_step),
        clamp_to_step(size.height, offer.smallest.height, offer.largest.height,
                      offer.vertical_step)};
}

std::vector<PictureSize> sizes_to_try(const OfferedFormat& offer,
                                      std::optional<PictureSize> wanted) {
    if (!wanted) {
        if (!offer.sizes.empty())
            return {largest_that_fits(offer.sizes, common_size)};
        return {has_range(offer) ? clamped(common_size, offer) : common_size};
    }
    std::vector<PictureSize> sizes{*wanted};
    const PictureSize other = !offer.sizes.empty() ? nearest(offer.sizes, *wanted)
                              : has_range(offer)   ? clamped(*wanted, offer)
                                                   : *wanted;
    if (other != *wanted)
        sizes.push_back(other);
    return sizes;
}

struct PlaneShape {
    std::size_t stride;
    media::PlaneSize size;
};

// libcamera tells the stride of the first plane; three planes have a chroma of half its stride.
std::vector<PlaneShape> shapes(PixelFormat format, PictureSize size, std::size_t stride) {
    const std::size_t count = media::plane_count(format);
    std::vector<PlaneShape> planes;
    for (std::size_t i = 0; i < count; ++i) {
        const media::PlaneSize packed = media::plane_size(format, size.width, size.height, i);
        const std::size_t told = i > 0 && count == 3 ? (stride + 1) / 2 : stride;
        planes.push_back({stride > 0 ? told : packed.row, packed});
    }
    return planes;
}

}  // namespace

double distance(PictureSize a, PictureSize b) noexcept {
    const auto shape = [](PictureSize size) {
        return static_cast<double>(size.width) / static_cast<double>(std::max(size.height, 1U));
    };
    return std::abs(a.area() - b.area()) + std::abs(shape(a) - shape(b));
}

std::span<const KnownFormat> known_formats() noexcept {
    return formats;
}

const KnownFormat* known_format(std::uint32_t code) noexcept {
    const auto* found = std::ranges::find(formats, code, &KnownFormat::fourcc);
    return found == formats.end() ? nullptr : found;
}

const KnownFormat* known_format(std::string_view name) noexcept {
    const auto* found = std::ranges::find_if(formats, [name](const KnownFormat& format) {
        return equal_ignoring_case(format.name, name);
    });
    return found == formats.end() ? nullptr : found;
}

std::optional<ChosenPicture> choose_picture(std::span<const OfferedFormat> offered,
                                            const WantedPicture& wanted) {
    for (const KnownFormat& format : formats) {
        if (wanted.format != nullptr && wanted.format->fourcc != format.fourcc)
            continue;
        const auto offer = std::ranges::find(offered, format.fourcc, &OfferedFormat::fourcc);
        if (offer != offered.end())
            return ChosenPicture{&format, sizes_to_try(*offer, wanted.size)};
    }
    return std::nullopt;
}

std::optional<media::RawImage> picture_in(std::span<const std::span<const std::byte>> pieces,
                                          PixelFormat format, PictureSize size,
                                          std::size_t stride) {
    const std::vector<PlaneShape> planes = shapes(format, size, stride);
    const bool apart = pieces.size() == planes.size();
    if (pieces.empty() || (!apart && pieces.size() != 1))
        return std::nullopt;
    media::RawImage image{.format = format, .width = size.width, .height = size.height};
    std::span<const std::byte> rest = pieces.front();
    for (std::size_t i = 0; i < planes.size(); ++i) {
        const PlaneShape& shape = planes[i];
        if (apart)
            rest = pieces[i];
        if (shape.stride < shape.size.row ||
            !media::holds_rows(rest.size(), shape.stride, shape.size))
            return std::nullopt;
        const std::size_t whole = std::min(rest.size(), shape.stride * shape.size.rows);
        image.planes[i] = {rest.first(whole), shape.stride};
        rest = rest.subspan(whole);
    }
    return image;
}

bool may_be_video_range(PixelFormat format) noexcept {
    switch (format) {
        case PixelFormat::grey:
        case PixelFormat::rgb565:
        case PixelFormat::rgb24:
        case PixelFormat::bgr24:
        case PixelFormat::rgbx32:
        case PixelFormat::bgrx32:
            return false;
        default:
            return true;
    }
}

std::vector<std::size_t> plane_sizes(PixelFormat format, PictureSize size, std::size_t stride) {
    std::vector<std::size_t> sizes;
    for (const PlaneShape& shape : shapes(format, size, stride))
        sizes.push_back(shape.stride * shape.size.rows);
    return sizes;
}

}  // namespace onlooker::drivers::libcamera_driver
