#include "media/raw_image.hpp"

#include <algorithm>

namespace onlooker::media {

namespace {

// How a format lies in memory. The first plane has `octets_per_pixel` per pixel; a chroma plane
// has one row for `rows_per_chroma_row` of them, `chroma_stride_divisor` times shorter.
struct Layout {
    PixelFormat format;
    std::string_view name;
    std::size_t planes;
    std::size_t octets_per_pixel;
    std::size_t rows_per_chroma_row;
    std::size_t chroma_stride_divisor;
};

constexpr std::array layouts{
    Layout{PixelFormat::grey, "GREY", 1, 1, 1, 1},
    Layout{PixelFormat::yuyv, "YUYV", 1, 2, 1, 1},
    Layout{PixelFormat::yvyu, "YVYU", 1, 2, 1, 1},
    Layout{PixelFormat::uyvy, "UYVY", 1, 2, 1, 1},
    Layout{PixelFormat::nv12, "NV12", 2, 1, 2, 1},
    Layout{PixelFormat::nv21, "NV21", 2, 1, 2, 1},
    Layout{PixelFormat::yuv420, "YU12", 3, 1, 2, 2},
    Layout{PixelFormat::yvu420, "YV12", 3, 1, 2, 2},
    Layout{PixelFormat::yuv422, "422P", 3, 1, 1, 2},
    Layout{PixelFormat::rgb565, "RGB565", 1, 2, 1, 1},
    Layout{PixelFormat::rgb24, "RGB24", 1, 3, 1, 1},
    Layout{PixelFormat::bgr24, "BGR24", 1, 3, 1, 1},
    Layout{PixelFormat::rgbx32, "RGBX32", 1, 4, 1, 1},
    Layout{PixelFormat::bgrx32, "BGRX32", 1, 4, 1, 1},
};

const Layout* layout_of(PixelFormat format) noexcept {
    const auto found = std::ranges::find(layouts, format, &Layout::format);
    return found == layouts.end() ? nullptr : &*found;
}

// Packed 4:2:2 and pairs of chroma come in twos, so that an odd width has one more.
std::size_t tight_stride(const Layout& layout, unsigned width) noexcept {
    const bool in_pairs = layout.format == PixelFormat::yuyv ||
                          layout.format == PixelFormat::yvyu || layout.format == PixelFormat::uyvy;
    const std::size_t pixels = in_pairs ? (std::size_t{width} + 1) / 2 * 2 : width;
    return pixels * layout.octets_per_pixel;
}

std::size_t chroma_stride(const Layout& layout, std::size_t stride) noexcept {
    // Pairs of an odd width need one octet more than the luma row has.
    return layout.planes == 2
               ? (stride + 1) / 2 * 2
               : (stride + layout.chroma_stride_divisor - 1) / layout.chroma_stride_divisor;
}

}  // namespace

std::string_view to_string(PixelFormat format) noexcept {
    const Layout* layout = layout_of(format);
    return layout == nullptr ? "unknown" : layout->name;
}

std::size_t plane_count(PixelFormat format) noexcept {
    const Layout* layout = layout_of(format);
    return layout == nullptr ? 0 : layout->planes;
}

PlaneSize plane_size(PixelFormat format, unsigned width, unsigned height,
                     std::size_t plane) noexcept {
    const Layout* layout = layout_of(format);
    if (layout == nullptr)
        return {};
    const std::size_t row = tight_stride(*layout, width);
    if (plane == 0)
        return {row, height};
    const std::size_t thinned = layout->rows_per_chroma_row;
    return {chroma_stride(*layout, row), height / thinned + (height % thinned != 0 ? 1 : 0)};
}

bool holds_rows(std::size_t octets, std::size_t stride, PlaneSize size) noexcept {
    if (size.row == 0 || size.rows == 0)
        return true;
    // Divided rather than multiplied, since a stride from outside may be anything.
    return octets >= size.row &&
           (size.rows == 1 ||
            (stride >= size.row && (octets - size.row) / stride >= size.rows - 1));
}

RawImage raw_image_in(std::span<const std::byte> buffer, PixelFormat format, unsigned width,
                      unsigned height, std::size_t stride) noexcept {
    RawImage image{.format = format, .width = width, .height = height, .planes = {}};
    const Layout* layout = layout_of(format);
    if (layout == nullptr)
        return image;
    for (std::size_t i = 0; i < layout->planes; ++i) {
        const PlaneSize packed = plane_size(format, width, height, i);
        const std::size_t first = stride == 0 ? tight_stride(*layout, width) : stride;
        const std::size_t own = i == 0 ? first : chroma_stride(*layout, first);
        // A short buffer gives short planes, which check_planes() finds.
        const bool whole = own == 0 || packed.rows <= buffer.size() / own;
        const std::size_t size = whole ? packed.rows * own : buffer.size();
        image.planes[i] = {buffer.first(size), own};
        buffer = buffer.subspan(size);
    }
    return image;
}

}  // namespace onlooker::media
