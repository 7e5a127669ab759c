#include "media/jpeg_coefficients.hpp"

#include <doctest/doctest.h>
#include <turbojpeg.h>

#include <cstddef>
#include <string>

#include "media/jpeg_decoder.hpp"
#include "media/jpeg_transform.hpp"
#include "media/luma_map.hpp"
#include "unit/media/coded_scene.hpp"

using namespace onlooker::media;

namespace {

// The same few octets, as those of a picture of another size: its data end early.
Jpeg as_if_of_size(Jpeg jpeg, unsigned width, unsigned height) {
    std::size_t at = 2;
    const auto octet = [&jpeg](std::size_t i) { return std::to_integer<unsigned>(jpeg.at(i)); };
    while (octet(at + 1) != 0xc0 && octet(at + 1) != 0xc2)
        at += 2 + (octet(at + 2) << 8 | octet(at + 3));
    jpeg.at(at + 5) = std::byte(height >> 8);
    jpeg.at(at + 6) = std::byte(height & 0xff);
    jpeg.at(at + 7) = std::byte(width >> 8);
    jpeg.at(at + 8) = std::byte(width & 0xff);
    return jpeg;
}

constexpr unsigned long_side = 16'384;

}  // namespace

TEST_SUITE("jpeg coefficients") {
    TEST_CASE("are kept of what is progressive, and of nothing that comes row by row") {
        for (const int sampling : samplings) {
            CAPTURE(sampling);
            CHECK_FALSE(keeps_coefficients(encoded(scene(64, 48), sampling)));
            CHECK(keeps_coefficients(encoded(scene(64, 48), sampling, 90, TJFLAG_PROGRESSIVE)));
        }
        CHECK_FALSE(keeps_coefficients({}));
        CHECK_FALSE(keeps_coefficients(Jpeg(3, std::byte{0xff})));
    }

    TEST_CASE("are kept where the first scan lacks a component") {
        Jpeg jpeg = encoded(scene(64, 48), TJSAMP_444);
        std::size_t at = 2;
        while (jpeg.at(at + 1) != std::byte{0xda})
            at += 2 + (std::to_integer<std::size_t>(jpeg.at(at + 2)) << 8 |
                       std::to_integer<std::size_t>(jpeg.at(at + 3)));
        jpeg.at(at + 4) = std::byte{1};
        CHECK(keeps_coefficients(jpeg));
    }

    TEST_CASE("of a picture that is too large for them are refused in words, at any size") {
        const Jpeg small = encoded(scene(64, 48), TJSAMP_420, 90, TJFLAG_PROGRESSIVE);
        const Jpeg large = as_if_of_size(small, long_side, long_side);
        JpegDecoder decoder;
        Planes planes;
        CHECK(decoder.decode(small, 1, true, planes).empty());
        CHECK(decoder.decode(large, 1, true, planes).find("33 megapixels") != std::string::npos);
        CHECK(decoder.decode(large, 1, false, planes).find("33 megapixels") != std::string::npos);
        LumaMapper mapper;
        LumaMap map;
        CHECK(mapper.map(small, map));
        CHECK_FALSE(mapper.map(large, map));
    }

    TEST_CASE("are what is moved without loss, whatever the picture is: there it counts for all") {
        const Jpeg small = encoded(scene(64, 48), TJSAMP_420);
        const Jpeg large = as_if_of_size(small, long_side, long_side);
        JpegTransform transform;
        const JpegTransform::What mirrored{.part = {}, .lay = lay_of(2), .grey = false};
        CHECK(transform.is_exact(small, mirrored));
        CHECK(transform.run(small, mirrored).error.empty());
        // What can be had by its pixels is not asked of its coefficients.
        CHECK_FALSE(transform.is_exact(large, mirrored));
        CHECK(transform.run(large, mirrored).error.find("33 megapixels") != std::string::npos);
    }
}
