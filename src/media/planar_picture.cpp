#include "media/planar_picture.hpp"

#include <libyuv.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "media/picture_size.hpp"
#include "media/sample_range.hpp"

namespace onlooker::media {

namespace {

constexpr std::size_t longest_stride = std::size_t{1} << 24;  // octets

const unsigned char* row_of(const Plane& plane, std::size_t row) noexcept {
    return reinterpret_cast<const unsigned char*>(plane.data.data()) + row * plane.stride;
}

constexpr std::size_t half(std::size_t n) noexcept {
    return (n + 1) / 2;
}

// One row, or two whose chroma is the mean of both; as libyuv, `width` is even.
void take_apart(PixelFormat format, const unsigned char* upper, const unsigned char* lower,
                unsigned char* y, unsigned char* u, unsigned char* v, std::size_t width) {
    const bool halves_rows = lower != nullptr;
    const auto step = halves_rows ? static_cast<int>(lower - upper) : 0;
    const auto row = static_cast<int>(width);
    if (format == PixelFormat::yvyu)
        std::swap(u, v);
    const auto convert = format == PixelFormat::uyvy
                             ? (halves_rows ? libyuv::UYVYToI420 : libyuv::UYVYToI422)
                             : (halves_rows ? libyuv::YUY2ToI420 : libyuv::YUY2ToI422);
    convert(upper, step, y, row, u, row / 2, v, row / 2, row, halves_rows ? 2 : 1);
}

// The loops below are written so that the compiler makes vector code of them: no branch, one
// stride.

void take_apart_pairs(const unsigned char* pairs, unsigned char* first, unsigned char* second,
                      std::size_t count) noexcept {
    for (std::size_t x = 0; x < count; ++x) {
        first[x] = pairs[2 * x];
        second[x] = pairs[2 * x + 1];
    }
}

void mean(const unsigned char* upper, const unsigned char* lower, unsigned char* out,
          std::size_t count) noexcept {
    for (std::size_t x = 0; x < count; ++x)
        out[x] = static_cast<unsigned char>((upper[x] + lower[x] + 1) / 2);
}

}  // namespace

std::string_view check_planes(const RawImage& image) noexcept {
    if (image.width == 0 || image.height == 0)
        return "the picture has no size";
    if (image.width > longest_side || image.height > longest_side)
        return "the picture is larger than 16384 x 16384 pixels";
    for (std::size_t i = 0; i < plane_count(image.format); ++i) {
        const Plane& plane = image.planes[i];
        const PlaneSize size = plane_size(image.format, image.width, image.height, i);
        if (plane.stride < size.row)
            return "the rows of the picture are shorter than its width";
        if (plane.stride > longest_stride)
            return "the rows of the picture are more than 16 MiB apart";
        if (!holds_rows(plane.data.size(), plane.stride, size))
            return "the picture is cut short";
    }
    return {};
}

void PlanarPicture::load(const RawImage& image, ChromaSampling wanted) {
    width_ = image.width;
    height_ = image.height;
    chroma_width_ = half(width_);
    full_range_ = image.full_range;
    const bool halve_rows = wanted == ChromaSampling::s420;
    switch (image.format) {
        case PixelFormat::yuyv:
        case PixelFormat::yvyu:
        case PixelFormat::uyvy:
            sampling_ = halve_rows ? ChromaSampling::s420 : ChromaSampling::s422;
            load_packed(image, halve_rows);
            break;
        case PixelFormat::nv12:
        case PixelFormat::nv21:
            sampling_ = ChromaSampling::s420;
            load_luma(image);
            load_pairs(image);
            break;
        case PixelFormat::yuv420:
        case PixelFormat::yvu420:
            sampling_ = ChromaSampling::s420;
            load_luma(image);
            load_planar(image, false);
            break;
        case PixelFormat::yuv422:
            sampling_ = halve_rows ? ChromaSampling::s420 : ChromaSampling::s422;
            load_luma(image);
            load_planar(image, halve_rows);
            break;
        default:
            sampling_ = ChromaSampling::grey;
            load_luma(image);
            break;
    }
}

void PlanarPicture::load_luma(const RawImage& image) {
    const bool whole = sampling_ == ChromaSampling::grey ||
                       (width_ % 2 == 0 && (height_ % 2 == 0 || sampling_ != ChromaSampling::s420));
    if (whole && full_range_)
        planes_[0] = {row_of(image.planes[0], 0), static_cast<int>(image.planes[0].stride)};
    else
        copy_luma(image);
}

// TurboJPEG reads luma up to whole chroma samples: an odd width or height is filled up by repeating
// the edge.
void PlanarPicture::copy_luma(const RawImage& image) {
    const std::size_t stride = chroma_width_ * 2;
    const std::size_t rows = half(height_) * 2;
    buffers_[0].resize(stride * rows);
    for (std::size_t y = 0; y < rows; ++y) {
        unsigned char* out = &buffers_[0][y * stride];
        std::memcpy(out, row_of(image.planes[0], std::min<std::size_t>(y, height_ - 1)), width_);
        out[stride - 1] = out[width_ - 1];
        finish_luma(out, stride);
    }
    planes_[0] = {buffers_[0].data(), static_cast<int>(stride)};
}

void PlanarPicture::load_packed(const RawImage& image, bool halve_rows) {
    const Plane& packed = image.planes[0];
    const std::size_t stride = chroma_width_ * 2;
    const std::size_t step = halve_rows ? 2 : 1;
    const std::size_t rows = halve_rows ? half(height_) * 2 : height_;
    buffers_[0].resize(stride * rows);
    unsigned char* u = chroma_buffer(1, rows / step);
    unsigned char* v = chroma_buffer(2, rows / step);
    for (std::size_t y = 0; y < rows; y += step) {
        const unsigned char* lower =
            halve_rows ? row_of(packed, std::min<std::size_t>(y + 1, height_ - 1)) : nullptr;
        unsigned char* luma = &buffers_[0][y * stride];
        take_apart(image.format, row_of(packed, y), lower, luma, u, v, stride);
        for (std::size_t row = 0; row < step && width_ % 2 != 0; ++row)
            luma[row * stride + width_] = luma[row * stride + width_ - 1];
        finish_luma(luma, step * stride);
        finish_chroma(u);
        finish_chroma(v);
        u += chroma_width_;
        v += chroma_width_;
    }
    planes_[0] = {buffers_[0].data(), static_cast<int>(stride)};
}

void PlanarPicture::load_pairs(const RawImage& image) {
    const std::size_t rows = half(height_);
    const bool u_first = image.format == PixelFormat::nv12;
    unsigned char* first = chroma_buffer(u_first ? 1 : 2, rows);
    unsigned char* second = chroma_buffer(u_first ? 2 : 1, rows);
    for (std::size_t y = 0; y < rows; ++y) {
        take_apart_pairs(row_of(image.planes[1], y), first, second, chroma_width_);
        finish_chroma(first);
        finish_chroma(second);
        first += chroma_width_;
        second += chroma_width_;
    }
}

void PlanarPicture::load_planar(const RawImage& image, bool halve_rows) {
    const bool v_first = image.format == PixelFormat::yvu420;
    for (std::size_t which = 1; which <= 2; ++which) {
        const Plane& plane = image.planes[v_first ? 3 - which : which];
        if (!halve_rows && full_range_) {
            planes_[which] = {row_of(plane, 0), static_cast<int>(plane.stride)};
            continue;
        }
        const std::size_t rows = sampling_ == ChromaSampling::s420 ? half(height_) : height_;
        unsigned char* out = chroma_buffer(which, rows);
        for (std::size_t y = 0; y < rows; ++y, out += chroma_width_) {
            if (halve_rows)
                mean(row_of(plane, 2 * y),
                     row_of(plane, std::min<std::size_t>(2 * y + 1, height_ - 1)), out,
                     chroma_width_);
            else
                std::memcpy(out, row_of(plane, y), chroma_width_);
            finish_chroma(out);
        }
    }
}

void PlanarPicture::finish_luma(unsigned char* row, std::size_t count) const noexcept {
    if (!full_range_)
        stretch(video_luma, row, count);
}

void PlanarPicture::finish_chroma(unsigned char* row) const noexcept {
    if (!full_range_)
        stretch(video_chroma, row, chroma_width_);
}

unsigned char* PlanarPicture::chroma_buffer(std::size_t which, std::size_t rows) {
    buffers_[which].resize(chroma_width_ * rows);
    planes_[which] = {buffers_[which].data(), static_cast<int>(chroma_width_)};
    return buffers_[which].data();
}

}  // namespace onlooker::media
