#include "media/luma_map.hpp"

#include <turbojpeg.h>

#include <algorithm>
#include <cstdint>
#include <new>
#include <utility>

#include "media/jpeg_coefficients.hpp"
#include "media/turbo.hpp"

namespace onlooker::media {

namespace {

constexpr unsigned cell = 8;  // pixels

unsigned cells_in(unsigned pixels) noexcept {
    return (pixels + cell - 1) / cell;
}

// The loops below are written so that the compiler makes vector code of them.

// Luma that is every `step`th octet.
void add_luma(const unsigned char* row, std::size_t step, unsigned width, unsigned* sums) noexcept {
    const std::size_t whole = width / cell;
    for (std::size_t x = 0; x < whole; ++x)
        for (std::size_t i = 0; i < cell; ++i)
            sums[x] += row[(x * cell + i) * step];
    for (std::size_t i = whole * cell; i < width; ++i)
        sums[whole] += row[i * step];
}

void add_rgb(const unsigned char* row, std::size_t step, unsigned width, unsigned* sums) noexcept {
    for (std::size_t x = 0; x < width; ++x) {
        const unsigned char* pixel = row + x * step;
        sums[x / cell] += static_cast<unsigned>(pixel[0] + 2 * pixel[1] + pixel[2]) / 4;
    }
}

void add_rgb565(const unsigned char* row, unsigned width, unsigned* sums) noexcept {
    for (std::size_t x = 0; x < width; ++x) {
        const unsigned pixel = row[2 * x] | static_cast<unsigned>(row[2 * x + 1]) << 8;
        const unsigned red = pixel >> 11 << 3;
        const unsigned green = (pixel >> 5 & 63) << 2;
        const unsigned blue = (pixel & 31) << 3;
        sums[x / cell] += (red + 2 * green + blue) / 4;
    }
}

void add_row(const RawImage& image, std::size_t y, unsigned* sums) noexcept {
    const auto* row = reinterpret_cast<const unsigned char*>(image.planes[0].data.data()) +
                      y * image.planes[0].stride;
    switch (image.format) {
        case PixelFormat::yuyv:
        case PixelFormat::yvyu:
            return add_luma(row, 2, image.width, sums);
        case PixelFormat::uyvy:
            return add_luma(row + 1, 2, image.width, sums);
        case PixelFormat::rgb565:
            return add_rgb565(row, image.width, sums);
        case PixelFormat::rgb24:
        case PixelFormat::bgr24:
            return add_rgb(row, 3, image.width, sums);
        case PixelFormat::rgbx32:
        case PixelFormat::bgrx32:
            return add_rgb(row, 4, image.width, sums);
        default:
            return add_luma(row, 1, image.width, sums);
    }
}

}  // namespace

struct LumaMapper::Decoder {
    TurboHandle handle{tjInitDecompress()};
};

LumaMapper::LumaMapper() = default;
LumaMapper::~LumaMapper() = default;

void LumaMapper::map(const RawImage& image, LumaMap& into) {
    into.width = cells_in(image.width);
    into.height = cells_in(image.height);
    into.cells.resize(std::size_t{into.width} * into.height);
    unsigned char* out = into.cells.data();
    for (unsigned top = 0; top < image.height; top += cell) {
        const unsigned rows = std::min(cell, image.height - top);
        sums_.assign(into.width, 0);
        for (unsigned y = 0; y < rows; ++y)
            add_row(image, top + y, sums_.data());
        for (unsigned x = 0; x < into.width; ++x) {
            const unsigned pixels = std::min(cell, image.width - x * cell) * rows;
            *out++ = static_cast<unsigned char>((sums_[x] + pixels / 2) / pixels);
        }
    }
}

bool LumaMapper::map(std::span<const std::byte> jpeg, LumaMap& into) {
    into = {.width = 0, .height = 0, .cells = std::move(into.cells)};
    into.cells.clear();
    if (!decoder_)
        decoder_ = std::make_unique<Decoder>();
    void* const handle = decoder_->handle.get();
    if (handle == nullptr)
        throw std::bad_alloc();
    const auto* data = reinterpret_cast<const unsigned char*>(jpeg.data());
    const auto size = static_cast<unsigned long>(jpeg.size());
    int width = 0;
    int height = 0;
    int subsampling = 0;
    int colours = 0;
    if (tjDecompressHeader3(handle, data, size, &width, &height, &subsampling, &colours) != 0 ||
        width <= 0 || height <= 0)
        return false;
    if (keeps_too_many_coefficients(
            jpeg, static_cast<std::uint64_t>(width) * static_cast<std::uint64_t>(height)))
        return false;
    into.width = cells_in(static_cast<unsigned>(width));
    into.height = cells_in(static_cast<unsigned>(height));
    into.cells.resize(std::size_t{into.width} * into.height);
    const int status = tjDecompress2(handle, data, size, into.cells.data(),
                                     static_cast<int>(into.width), static_cast<int>(into.width),
                                     static_cast<int>(into.height), TJPF_GRAY, TJFLAG_FASTDCT);
    if (status == 0 || tjGetErrorCode(handle) == TJERR_WARNING)
        return true;
    into.width = into.height = 0;
    into.cells.clear();
    return false;
}

unsigned greatest_difference(const LumaMap& one, const LumaMap& other) noexcept {
    if (one.width != other.width || one.height != other.height ||
        one.cells.size() != other.cells.size() || one.cells.empty())
        return 255;
    unsigned char greatest = 0;
    for (std::size_t i = 0; i < one.cells.size(); ++i) {
        const unsigned char a = one.cells[i];
        const unsigned char b = other.cells[i];
        greatest = std::max(greatest, static_cast<unsigned char>(a > b ? a - b : b - a));
    }
    return greatest;
}

}  // namespace onlooker::media
