#include "media/jpeg_encoder.hpp"

#include <turbojpeg.h>

#include <array>
#include <cstring>
#include <new>

#include "media/sample_range.hpp"

namespace onlooker::media {

namespace {

struct HandleDeleter {
    void operator()(void* handle) const noexcept { tjDestroy(handle); }
};
struct BufferDeleter {
    void operator()(unsigned char* buffer) const noexcept { tjFree(buffer); }
};

int turbo_sampling(ChromaSampling sampling) noexcept {
    switch (sampling) {
        case ChromaSampling::grey:
            return TJSAMP_GRAY;
        case ChromaSampling::s420:
            return TJSAMP_420;
        case ChromaSampling::s422:
            return TJSAMP_422;
        case ChromaSampling::s444:
            return TJSAMP_444;
    }
    return TJSAMP_420;
}

ChromaSampling sampling_of(JpegEncoder::Subsampling subsampling) noexcept {
    switch (subsampling) {
        case JpegEncoder::Subsampling::s420:
            return ChromaSampling::s420;
        case JpegEncoder::Subsampling::s422:
            return ChromaSampling::s422;
        case JpegEncoder::Subsampling::s444:
            return ChromaSampling::s444;
    }
    return ChromaSampling::s420;
}

// Turbo's name of a format that it converts itself; -1 for the others.
int turbo_pixel_format(PixelFormat format) noexcept {
    switch (format) {
        case PixelFormat::rgb24:
            return TJPF_RGB;
        case PixelFormat::bgr24:
            return TJPF_BGR;
        case PixelFormat::rgbx32:
            return TJPF_RGBX;
        case PixelFormat::bgrx32:
            return TJPF_BGRX;
        default:
            return -1;
    }
}

// How many octets a pixel has in Turbo's format of red, green and blue.
std::size_t octets_of_pixel(int turbo_format) noexcept {
    return turbo_format == TJPF_RGB || turbo_format == TJPF_BGR ? 3 : 4;
}

void copy_rows(const RawImage& image, std::size_t row_octets, std::vector<unsigned char>& out) {
    out.resize(row_octets * image.height);
    const auto* from = reinterpret_cast<const unsigned char*>(image.planes[0].data.data());
    for (std::size_t y = 0; y < image.height; ++y)
        std::memcpy(&out[y * row_octets], from + y * image.planes[0].stride, row_octets);
}

// 5 or 6 bits become 8 by repeating the highest, so that full stays full.
void expand_rgb565(const RawImage& image, std::vector<unsigned char>& rgb) {
    rgb.resize(std::size_t{3} * image.width * image.height);
    unsigned char* out = rgb.data();
    for (std::size_t y = 0; y < image.height; ++y) {
        const auto* in = reinterpret_cast<const unsigned char*>(image.planes[0].data.data()) +
                         y * image.planes[0].stride;
        for (std::size_t x = 0; x < image.width; ++x, out += 3) {
            const unsigned pixel = in[2 * x] | static_cast<unsigned>(in[2 * x + 1]) << 8;
            const unsigned red = pixel >> 11;
            const unsigned green = pixel >> 5 & 63;
            const unsigned blue = pixel & 31;
            out[0] = static_cast<unsigned char>(red << 3 | red >> 2);
            out[1] = static_cast<unsigned char>(green << 2 | green >> 4);
            out[2] = static_cast<unsigned char>(blue << 3 | blue >> 2);
        }
    }
}

}  // namespace

struct JpegEncoder::Turbo {
    std::unique_ptr<void, HandleDeleter> handle{tjInitCompress()};
    // Large enough for the worst picture of that size; pages that are never written cost nothing.
    std::unique_ptr<unsigned char, BufferDeleter> buffer;
    unsigned long capacity = 0;
};

JpegEncoder::JpegEncoder(const Settings& settings)
    : settings_(settings), turbo_(std::make_unique<Turbo>()) {
    if (!turbo_->handle)
        throw std::bad_alloc();
}

JpegEncoder::~JpegEncoder() = default;
JpegEncoder::JpegEncoder(JpegEncoder&&) noexcept = default;
JpegEncoder& JpegEncoder::operator=(JpegEncoder&&) noexcept = default;

JpegEncoder::Result JpegEncoder::encode(const RawImage& image) {
    if (const std::string_view error = check_planes(image); !error.empty())
        return {.jpeg = {}, .error = error};
    if (!reserve(image.width, image.height))
        return {.jpeg = {}, .error = "there is no memory to encode the picture"};
    const bool is_rgb =
        turbo_pixel_format(image.format) >= 0 || image.format == PixelFormat::rgb565;
    return is_rgb ? encode_rgb(image) : encode_planes(image);
}

bool JpegEncoder::reserve(unsigned width, unsigned height) {
    // 4:4:4 is the largest of all.
    const unsigned long needed =
        tjBufSize(static_cast<int>(width), static_cast<int>(height), TJSAMP_444);
    if (needed <= turbo_->capacity)
        return true;
    turbo_->capacity = 0;
    turbo_->buffer.reset(tjAlloc(static_cast<int>(needed)));
    if (!turbo_->buffer)
        return false;
    turbo_->capacity = needed;
    return true;
}

JpegEncoder::Result JpegEncoder::encode_planes(const RawImage& image) {
    planar_.load(image, sampling_of(settings_.subsampling));
    std::array<const unsigned char*, 3> planes{};
    std::array<int, 3> strides{};
    for (std::size_t i = 0; i < planes.size(); ++i) {
        planes[i] = planar_.planes()[i].data;
        strides[i] = planar_.planes()[i].stride;
    }
    unsigned char* out = turbo_->buffer.get();
    unsigned long size = turbo_->capacity;
    const int status = tjCompressFromYUVPlanes(
        turbo_->handle.get(), planes.data(), static_cast<int>(image.width), strides.data(),
        static_cast<int>(image.height), turbo_sampling(planar_.sampling()), &out, &size,
        settings_.quality, TJFLAG_NOREALLOC);
    return finish(status, size);
}

JpegEncoder::Result JpegEncoder::encode_rgb(const RawImage& image) {
    const auto* pixels = reinterpret_cast<const unsigned char*>(image.planes[0].data.data());
    std::size_t stride = image.planes[0].stride;
    const bool is_565 = image.format == PixelFormat::rgb565;
    const int format = is_565 ? TJPF_RGB : turbo_pixel_format(image.format);
    if (is_565 || !image.full_range) {
        stride = octets_of_pixel(format) * image.width;
        if (is_565)
            expand_rgb565(image, rgb_);
        else
            copy_rows(image, stride, rgb_);
        if (!image.full_range)
            stretch(video_luma, rgb_.data(), rgb_.size());
        pixels = rgb_.data();
    }
    unsigned char* out = turbo_->buffer.get();
    unsigned long size = turbo_->capacity;
    const int status = tjCompress2(turbo_->handle.get(), pixels, static_cast<int>(image.width),
                                   static_cast<int>(stride), static_cast<int>(image.height), format,
                                   &out, &size, turbo_sampling(sampling_of(settings_.subsampling)),
                                   settings_.quality, TJFLAG_NOREALLOC);
    return finish(status, size);
}

JpegEncoder::Result JpegEncoder::finish(int status, unsigned long size) const {
    if (status != 0)
        return {.jpeg = {}, .error = tjGetErrorStr2(turbo_->handle.get())};
    return {.jpeg = std::as_bytes(std::span(turbo_->buffer.get(), size)), .error = {}};
}

}  // namespace onlooker::media
