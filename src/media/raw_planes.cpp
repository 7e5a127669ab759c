#include "media/raw_planes.hpp"

#include <turbojpeg.h>

#include <array>
#include <cstddef>
#include <cstring>
#include <new>

#include "media/rgb_pixels.hpp"

namespace onlooker::media {

namespace {

struct HandleDeleter {
    void operator()(void* handle) const noexcept { tjDestroy(handle); }
};

struct Format {
    ChromaGrid grid;
    int turbo;
};

Format format_of(ChromaSampling sampling) noexcept {
    switch (sampling) {
        case ChromaSampling::grey:
            return {ChromaGrid::grey, TJSAMP_GRAY};
        case ChromaSampling::s420:
            return {ChromaGrid::s420, TJSAMP_420};
        case ChromaSampling::s422:
            return {ChromaGrid::s422, TJSAMP_422};
        case ChromaSampling::s444:
            return {ChromaGrid::s444, TJSAMP_444};
    }
    return {ChromaGrid::s420, TJSAMP_420};
}

// Gives the planes the size that TurboJPEG wants: luma is filled up to whole samples of chroma.
void shape(Planes& planes, const RawImage& image, Format format) {
    planes.width = image.width;
    planes.height = image.height;
    planes.grid = format.grid;
    const auto width = static_cast<int>(image.width);
    const auto height = static_cast<int>(image.height);
    for (int i = 0; i < 3; ++i) {
        Planes::Plane& plane = planes.planes[static_cast<std::size_t>(i)];
        const bool is_there = i == 0 || format.grid != ChromaGrid::grey;
        plane.width = is_there ? static_cast<unsigned>(tjPlaneWidth(i, width, format.turbo)) : 0;
        plane.height = is_there ? static_cast<unsigned>(tjPlaneHeight(i, height, format.turbo)) : 0;
        plane.samples.resize(std::size_t{plane.width} * plane.height);
    }
}

}  // namespace

struct RawPlanes::Converter {
    std::unique_ptr<void, HandleDeleter> handle{tjInitCompress()};
};

RawPlanes::RawPlanes() = default;
RawPlanes::RawPlanes(RawPlanes&&) noexcept = default;
RawPlanes& RawPlanes::operator=(RawPlanes&&) noexcept = default;
RawPlanes::~RawPlanes() = default;

std::string_view RawPlanes::load(const RawImage& image, ChromaSampling wanted, Planes& into) {
    if (const std::string_view error = check_planes(image); !error.empty())
        return error;
    if (is_rgb(image.format))
        return load_rgb(image, wanted, into);
    planar_.load(image, wanted);
    shape(into, image, format_of(planar_.sampling()));
    for (std::size_t i = 0; i < into.planes.size(); ++i) {
        Planes::Plane& plane = into.planes[i];
        const PlanarPicture::PlaneView from = planar_.planes()[i];
        for (std::size_t y = 0; y < plane.height; ++y)
            std::memcpy(&plane.samples[y * plane.width],
                        from.data + y * static_cast<std::size_t>(from.stride), plane.width);
    }
    return {};
}

// The same conversion that the encoder would do.
std::string_view RawPlanes::load_rgb(const RawImage& image, ChromaSampling wanted, Planes& into) {
    if (!converter_)
        converter_ = std::make_unique<Converter>();
    if (!converter_->handle)
        throw std::bad_alloc();
    const RgbPixels pixels = rgb_pixels(image, rgb_);
    const Format format = format_of(wanted);
    shape(into, image, format);
    std::array<unsigned char*, 3> planes{};
    std::array<int, 3> strides{};
    for (std::size_t i = 0; i < planes.size(); ++i) {
        planes[i] = into.planes[i].samples.data();
        strides[i] = static_cast<int>(into.planes[i].width);
    }
    const int status =
        tjEncodeYUVPlanes(converter_->handle.get(), pixels.data, static_cast<int>(image.width),
                          static_cast<int>(pixels.stride), static_cast<int>(image.height),
                          pixels.format, planes.data(), strides.data(), format.turbo, 0);
    return status == 0 ? std::string_view() : tjGetErrorStr2(converter_->handle.get());
}

}  // namespace onlooker::media
