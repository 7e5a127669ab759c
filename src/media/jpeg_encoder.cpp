#include "media/jpeg_encoder.hpp"

#include <array>
#include <cstddef>

#include "media/rgb_pixels.hpp"
#include "media/turbo.hpp"

namespace onlooker::media {

namespace {

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

}  // namespace

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

struct JpegEncoder::Turbo {
    // Made for the first picture: a camera that gives JPEGs never has one encoded, and what the
    // library loads for it would stay in memory.
    TurboHandle handle;
    // Large enough for the worst picture of that size; pages that are never written cost nothing.
    TurboBuffer buffer;
    unsigned long capacity = 0;
};

JpegEncoder::JpegEncoder(const Settings& settings)
    : settings_(settings), turbo_(std::make_unique<Turbo>()) {}

JpegEncoder::~JpegEncoder() = default;
JpegEncoder::JpegEncoder(JpegEncoder&&) noexcept = default;
JpegEncoder& JpegEncoder::operator=(JpegEncoder&&) noexcept = default;

JpegEncoder::Result JpegEncoder::encode(const RawImage& image) {
    if (const std::string_view error = check_planes(image); !error.empty())
        return {.jpeg = {}, .error = error};
    if (!reserve(image.width, image.height))
        return {.jpeg = {}, .error = "there is no memory to encode the picture"};
    return is_rgb(image.format) ? encode_rgb(image) : encode_planes(image);
}

JpegEncoder::Result JpegEncoder::encode(const Planes& picture, int quality) {
    if (!reserve(picture.width, picture.height))
        return {.jpeg = {}, .error = "there is no memory to encode the picture"};
    std::array<const unsigned char*, 3> planes{};
    std::array<int, 3> strides{};
    for (std::size_t i = 0; i < planes.size(); ++i) {
        planes[i] = picture.planes[i].samples.data();
        strides[i] = static_cast<int>(picture.planes[i].width);
    }
    unsigned char* out = turbo_->buffer.get();
    unsigned long size = turbo_->capacity;
    const int status = tjCompressFromYUVPlanes(
        turbo_->handle.get(), planes.data(), static_cast<int>(picture.width), strides.data(),
        static_cast<int>(picture.height), turbo_sampling(picture.grid), &out, &size, quality,
        TJFLAG_NOREALLOC);
    return finish(status, size);
}

bool JpegEncoder::reserve(unsigned width, unsigned height) {
    if (!turbo_->handle)
        turbo_->handle.reset(tjInitCompress());
    if (!turbo_->handle)
        return false;
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
    const RgbPixels pixels = rgb_pixels(image, rgb_);
    unsigned char* out = turbo_->buffer.get();
    unsigned long size = turbo_->capacity;
    const int status = tjCompress2(
        turbo_->handle.get(), pixels.data, static_cast<int>(image.width),
        static_cast<int>(pixels.stride), static_cast<int>(image.height), pixels.format, &out, &size,
        turbo_sampling(sampling_of(settings_.subsampling)), settings_.quality, TJFLAG_NOREALLOC);
    return finish(status, size);
}

JpegEncoder::Result JpegEncoder::finish(int status, unsigned long size) const {
    if (status != 0)
        return {.jpeg = {}, .error = tjGetErrorStr2(turbo_->handle.get())};
    return {.jpeg = std::as_bytes(std::span(turbo_->buffer.get(), size)), .error = {}};
}

}  // namespace onlooker::media
