#include "media/luma_map.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cstddef>
#include <utility>
#include <vector>

#include "media/jpeg_encoder.hpp"
#include "media/raw_image.hpp"

using namespace onlooker::media;

namespace {

struct Sample {
    PixelFormat format;
    std::vector<std::byte> octets;
    RawImage image;
};

// Grey, dark at the left and bright at the right of column `edge`, whose luma is 40 and 200.
Sample two_halves(PixelFormat format, unsigned width, unsigned height, unsigned edge) {
    Sample made{.format = format, .octets = {}, .image = {}};
    std::size_t size = 0;
    for (std::size_t i = 0; i < plane_count(format); ++i) {
        const PlaneSize plane = plane_size(format, width, height, i);
        size += plane.row * plane.rows;
    }
    made.octets.assign(size, std::byte{128});
    made.image = raw_image_in(made.octets, format, width, height);
    made.image.full_range = true;
    const std::size_t row = plane_size(format, width, height).row;
    for (std::size_t y = 0; y < height; ++y) {
        for (std::size_t at = 0; at < row; ++at) {
            const bool is_uyvy = format == PixelFormat::uyvy;
            const bool is_packed =
                is_uyvy || format == PixelFormat::yuyv || format == PixelFormat::yvyu;
            if (is_packed && at % 2 == (is_uyvy ? 0U : 1U))
                continue;
            const auto value = at * width / row < edge ? std::byte{40} : std::byte{200};
            made.octets[y * row + at] = value;
        }
    }
    return made;
}

LumaMap map_of(const RawImage& image) {
    LumaMapper mapper;
    LumaMap map;
    mapper.map(image, map);
    return map;
}

}  // namespace

TEST_SUITE("luma map") {
    TEST_CASE("is the mean of each 8 x 8 pixels, in every format that has luma") {
        for (const PixelFormat format :
             {PixelFormat::grey, PixelFormat::yuyv, PixelFormat::yvyu, PixelFormat::uyvy,
              PixelFormat::nv12, PixelFormat::yuv420, PixelFormat::yuv422, PixelFormat::rgb24,
              PixelFormat::bgrx32}) {
            CAPTURE(to_string(format));
            const Sample sample = two_halves(format, 24, 16, 12);
            const LumaMap map = map_of(sample.image);
            CHECK(map.width == 3);
            CHECK(map.height == 2);
            CHECK(map.cells == std::vector<unsigned char>{40, 120, 200, 40, 120, 200});
        }
    }

    TEST_CASE("has cells of what is left at the right and lower edge") {
        const LumaMap map = map_of(two_halves(PixelFormat::grey, 17, 9, 16).image);
        CHECK(map.width == 3);
        CHECK(map.height == 2);
        CHECK(map.cells == std::vector<unsigned char>{40, 40, 200, 40, 40, 200});
    }

    TEST_CASE("reads the six bits of RGB565") {
        std::vector<std::byte> white(8 * 8 * 2, std::byte{0xff});
        const LumaMap map = map_of(raw_image_in(white, PixelFormat::rgb565, 8, 8));
        CHECK(map.cells.at(0) >= 248);
    }

    TEST_CASE("of a JPEG is that of its pixels") {
        const Sample sample = two_halves(PixelFormat::yuyv, 24, 16, 8);
        JpegEncoder encoder({.quality = 95, .subsampling = JpegEncoder::Subsampling::s420});
        LumaMapper mapper;
        LumaMap map;
        REQUIRE(mapper.map(encoder.encode(sample.image).jpeg, map));
        CHECK(greatest_difference(map, map_of(sample.image)) <= 1);
    }

    TEST_CASE("of what is no JPEG is empty, and different from any other") {
        LumaMapper mapper;
        LumaMap map = map_of(two_halves(PixelFormat::grey, 16, 16, 8).image);
        constexpr std::array nonsense{std::byte{0xff}, std::byte{0xd8}, std::byte{0xff}};
        CHECK_FALSE(mapper.map(nonsense, map));
        CHECK(map.cells.empty());
        CHECK(greatest_difference(map, map) == 255);
    }

    TEST_CASE("differs by its most different cell, and from another size altogether") {
        LumaMap one = map_of(two_halves(PixelFormat::grey, 16, 16, 8).image);
        LumaMap other = one;
        CHECK(greatest_difference(one, other) == 0);
        other.cells[1] = static_cast<unsigned char>(other.cells[1] - 7);
        other.cells[2] = static_cast<unsigned char>(other.cells[2] + 3);
        CHECK(greatest_difference(one, other) == 7);
        CHECK(greatest_difference(other, one) == 7);
        CHECK(greatest_difference(one, map_of(two_halves(PixelFormat::grey, 24, 16, 8).image)) ==
              255);
    }
}
