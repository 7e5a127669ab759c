#include "media/raw_planes.hpp"

#include <array>
#include <cstddef>
#include <cstring>
#include <new>

#include "media/jpeg_decoder.hpp"
#include "media/rgb_pixels.hpp"
#include "media/turbo.hpp"

namespace onlooker::media {

namespace {

ChromaGrid grid_of(ChromaSampling sampling) noexcept {
    switch (sampling) {
        case ChromaSampling::grey:
            return ChromaGrid::grey;
        case ChromaSampling::s420:
            return ChromaGrid::s420;
        case ChromaSampling::s422:
            return ChromaGrid::s422;
        case ChromaSampling::s444:
            return ChromaGrid::s444;
    }
    return ChromaGrid::s420;
}

}  // namespace

struct RawPlanes::Converter {
    TurboHandle handle{tjInitCompress()};
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
    shape(into, image.width, image.height, grid_of(planar_.sampling()));
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
    shape(into, image.width, image.height, grid_of(wanted));
    std::array<unsigned char*, 3> planes{};
    std::array<int, 3> strides{};
    for (std::size_t i = 0; i < planes.size(); ++i) {
        planes[i] = into.planes[i].samples.data();
        strides[i] = static_cast<int>(into.planes[i].width);
    }
    const int status = tjEncodeYUVPlanes(
        converter_->handle.get(), pixels.data, static_cast<int>(image.width),
        static_cast<int>(pixels.stride), static_cast<int>(image.height), pixels.format,
        planes.data(), strides.data(), turbo_sampling(into.grid), 0);
    return status == 0 ? std::string_view() : tjGetErrorStr2(converter_->handle.get());
}

}  // namespace onlooker::media
