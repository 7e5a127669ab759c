#include "media/raw_planes.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdlib>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "media/jpeg_encoder.hpp"
#include "media/planes_pool.hpp"
#include "media/raw_image.hpp"
#include "media/rgb_pixels.hpp"
#include "media/turbo.hpp"

using namespace onlooker::media;

namespace {

constexpr std::array formats{PixelFormat::grey,   PixelFormat::yuyv,   PixelFormat::yvyu,
                             PixelFormat::uyvy,   PixelFormat::nv12,   PixelFormat::nv21,
                             PixelFormat::yuv420, PixelFormat::yvu420, PixelFormat::yuv422,
                             PixelFormat::rgb565, PixelFormat::rgb24,  PixelFormat::bgr24,
                             PixelFormat::rgbx32, PixelFormat::bgrx32};

// A picture that changes slowly from octet to octet.
struct Sample {
    Sample(PixelFormat format, unsigned width, unsigned height) {
        std::size_t size = 0;
        for (std::size_t i = 0; i < plane_count(format); ++i) {
            const PlaneSize plane = plane_size(format, width, height, i);
            size += plane.row * plane.rows;
        }
        octets.resize(size);
        for (std::size_t i = 0; i < size; ++i)
            octets[i] = static_cast<std::byte>(60 + 120 * i / size);
        image = raw_image_in(octets, format, width, height);
    }

    std::vector<std::byte> octets;
    RawImage image;
};

// By TurboJPEG itself.
std::vector<std::byte> encoded(const Planes& planes, int quality) {
    const std::unique_ptr<void, int (*)(void*)> handle(tjInitCompress(), tjDestroy);
    std::array<const unsigned char*, 3> samples{};
    std::array<int, 3> strides{};
    for (std::size_t i = 0; i < 3; ++i) {
        samples[i] = planes.planes[i].samples.data();
        strides[i] = static_cast<int>(planes.planes[i].width);
    }
    unsigned char* out = nullptr;
    unsigned long size = 0;
    REQUIRE(tjCompressFromYUVPlanes(handle.get(), samples.data(), static_cast<int>(planes.width),
                                    strides.data(), static_cast<int>(planes.height),
                                    turbo_sampling(planes.grid), &out, &size, quality, 0) == 0);
    const auto octets = std::as_bytes(std::span(out, size));
    std::vector<std::byte> result(octets.begin(), octets.end());
    tjFree(out);
    return result;
}

}  // namespace

TEST_SUITE("raw planes") {
    TEST_CASE("are what the encoder encodes, of every format, at even and odd sizes") {
        using Subsampling = JpegEncoder::Subsampling;
        for (const PixelFormat format : formats) {
            for (const auto& [width, height] : {std::pair{32U, 18U}, {33U, 19U}, {1U, 1U}}) {
                for (const Subsampling subsampling : {Subsampling::s420, Subsampling::s422}) {
                    CAPTURE(to_string(format));
                    CAPTURE(width);
                    const Sample picture(format, width, height);
                    RawPlanes raw;
                    Planes planes;
                    REQUIRE(raw.load(picture.image, sampling_of(subsampling), planes).empty());
                    CHECK(planes.width == width);
                    CHECK(planes.height == height);
                    // Where colours are thinned out beyond the right edge, TurboJPEG rounds in turn
                    // up and down, and the samples that nobody sees come out otherwise.
                    if (is_rgb(format) && width % 2 != 0)
                        continue;
                    JpegEncoder encoder({.quality = 80, .subsampling = subsampling});
                    const auto expected = encoder.encode(picture.image).jpeg;
                    CHECK(std::ranges::equal(encoded(planes, 80), expected));
                }
            }
        }
    }

    TEST_CASE("keep the chroma that the picture has, and of colours what was asked for") {
        RawPlanes raw;
        Planes planes;
        REQUIRE(raw.load(Sample(PixelFormat::nv12, 16, 16).image, ChromaSampling::s444, planes)
                    .empty());
        CHECK(planes.grid == ChromaGrid::s420);
        REQUIRE(raw.load(Sample(PixelFormat::rgb24, 16, 16).image, ChromaSampling::s444, planes)
                    .empty());
        CHECK(planes.grid == ChromaGrid::s444);
        REQUIRE(raw.load(Sample(PixelFormat::grey, 16, 16).image, ChromaSampling::s444, planes)
                    .empty());
        CHECK(planes.grid == ChromaGrid::grey);
        CHECK(planes.planes[1].samples.empty());
    }

    TEST_CASE("of a picture that is cut short are refused in words") {
        Sample picture(PixelFormat::yuyv, 16, 16);
        picture.image.planes[0].data = picture.image.planes[0].data.first(100);
        RawPlanes raw;
        Planes planes;
        CHECK(raw.load(picture.image, ChromaSampling::s420, planes) == "the picture is cut short");
    }
}

TEST_SUITE("planes pool") {
    TEST_CASE("gives out again what nobody holds any more, with its memory") {
        PlanesPool pool;
        auto first = pool.get();
        first->planes[0].samples.resize(1000);
        const auto* memory = first->planes[0].samples.data();
        const auto second = pool.get();
        CHECK(second != first);
        PlanesPtr held = std::move(first);
        held.reset();
        CHECK(pool.get()->planes[0].samples.data() == memory);
    }

    TEST_CASE("may go before its planes, and keeps no more than a few") {
        std::vector<PlanesPtr> held;
        {
            PlanesPool pool;
            for (int i = 0; i < 20; ++i)
                held.push_back(pool.get());
        }
        CHECK(held.back());
    }
}
