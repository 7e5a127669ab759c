#include "media/jpeg_encoder.hpp"

#include <doctest/doctest.h>
#include <turbojpeg.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdlib>
#include <memory>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "media/canvas.hpp"
#include "media/jpeg_check.hpp"
#include "media/raw_image.hpp"
#include "unit/media/bar_picture.hpp"

namespace onlooker::media {

namespace {

constexpr std::array all_formats{PixelFormat::grey,   PixelFormat::yuyv,   PixelFormat::yvyu,
                                 PixelFormat::uyvy,   PixelFormat::nv12,   PixelFormat::nv21,
                                 PixelFormat::yuv420, PixelFormat::yvu420, PixelFormat::yuv422,
                                 PixelFormat::rgb565, PixelFormat::rgb24,  PixelFormat::bgr24,
                                 PixelFormat::rgbx32, PixelFormat::bgrx32};

struct Decoded {
    unsigned width = 0;
    unsigned height = 0;
    std::vector<unsigned char> pixels;  // R G B

    Rgb at(unsigned x, unsigned y) const {
        const unsigned char* pixel = &pixels.at((std::size_t{y} * width + x) * 3);
        return {pixel[0], pixel[1], pixel[2]};
    }
};

Decoded decode(std::span<const std::byte> jpeg) {
    const std::unique_ptr<void, void (*)(void*)> handle(tjInitDecompress(),
                                                        [](void* owned) { tjDestroy(owned); });
    const auto* octets = reinterpret_cast<const unsigned char*>(jpeg.data());
    int width = 0, height = 0, subsampling = 0, colours = 0;
    REQUIRE(tjDecompressHeader3(handle.get(), octets, jpeg.size(), &width, &height, &subsampling,
                                &colours) == 0);
    Decoded decoded{static_cast<unsigned>(width), static_cast<unsigned>(height), {}};
    decoded.pixels.resize(std::size_t{3} * decoded.width * decoded.height);
    REQUIRE(tjDecompress2(handle.get(), octets, jpeg.size(), decoded.pixels.data(), width, 0,
                          height, TJPF_RGB, 0) == 0);
    return decoded;
}

int distance(const Rgb& a, const Rgb& b) {
    return std::max(
        {std::abs(a.red - b.red), std::abs(a.green - b.green), std::abs(a.blue - b.blue)});
}

Rgb as_grey(const Rgb& colour) {
    const int luma = rgb(colour.red, colour.green, colour.blue).luma;
    return {luma, luma, luma};
}

// The worst distance in the middle of any bar, in the first, a middle and the last row.
int worst(const Decoded& decoded, bool grey) {
    int most = 0;
    for (unsigned x = bar_width / 2; x < decoded.width; x += bar_width)
        for (const unsigned y : {0U, decoded.height / 2, decoded.height - 1}) {
            const Rgb wanted = grey ? as_grey(colour_at(x)) : colour_at(x);
            most = std::max(most, distance(decoded.at(x, y), wanted));
        }
    return most;
}

using Subsampling = JpegEncoder::Subsampling;

}  // namespace

TEST_SUITE("jpeg encoder") {
    TEST_CASE("the colours of every format come out right, at even and odd sizes") {
        for (const Subsampling subsampling :
             {Subsampling::s420, Subsampling::s422, Subsampling::s444}) {
            JpegEncoder encoder({.quality = 95, .subsampling = subsampling});
            for (const PixelFormat format : all_formats)
                for (const auto& [width, height] :
                     {std::pair{128U, 32U}, {127U, 31U}, {121U, 9U}}) {
                    CAPTURE(to_string(format));
                    CAPTURE(width);
                    CAPTURE(static_cast<int>(subsampling));
                    const BarPicture picture(format, width, height);
                    const auto result = encoder.encode(picture.image());
                    REQUIRE(result.error.empty());
                    const Decoded decoded = decode(result.jpeg);
                    CHECK(decoded.width == width);
                    CHECK(decoded.height == height);
                    // rgb565 has lost up to 7 steps before it came to us.
                    const int allowed = format == PixelFormat::rgb565 ? 14 : 8;
                    CHECK(worst(decoded, format == PixelFormat::grey) <= allowed);
                }
        }
    }

    TEST_CASE("rows that are longer than the picture are skipped over") {
        JpegEncoder encoder({.quality = 95});
        for (const bool full_range : {true, false})
            for (const PixelFormat format : all_formats) {
                CAPTURE(full_range);
                CAPTURE(to_string(format));
                const BarPicture picture(format, 126, 17, 640, full_range);
                const auto result = encoder.encode(picture.image());
                REQUIRE(result.error.empty());
                const int allowed = format == PixelFormat::rgb565 ? 14 : 8;
                CHECK(worst(decode(result.jpeg), format == PixelFormat::grey) <= allowed);
            }
    }

    TEST_CASE("video range becomes full range: white is white and black is black") {
        for (const Subsampling subsampling : {Subsampling::s420, Subsampling::s422}) {
            JpegEncoder encoder({.quality = 95, .subsampling = subsampling});
            for (const PixelFormat format : all_formats)
                for (const auto& [width, height] : {std::pair{128U, 32U}, {127U, 31U}}) {
                    CAPTURE(to_string(format));
                    CAPTURE(width);
                    const BarPicture picture(format, width, height, 0, false);
                    const auto result = encoder.encode(picture.image());
                    REQUIRE(result.error.empty());
                    const int allowed = format == PixelFormat::rgb565 ? 14 : 8;
                    CHECK(worst(decode(result.jpeg), format == PixelFormat::grey) <= allowed);
                }
        }
    }

    TEST_CASE("grey stays grey") {
        JpegEncoder encoder({.quality = 80});
        const BarPicture picture(PixelFormat::grey, 64, 48);
        const CheckedJpeg checked = check_jpeg(encoder.encode(picture.image()).jpeg);
        REQUIRE(checked);
        CHECK(checked.components == 1);
        CHECK(checked.chroma == ChromaLayout::grey);
    }

    TEST_CASE("chroma is thinned out as asked, and never invented") {
        const auto chroma_of = [](PixelFormat format, Subsampling subsampling) {
            JpegEncoder encoder({.quality = 80, .subsampling = subsampling});
            return check_jpeg(encoder.encode(BarPicture(format, 64, 48).image()).jpeg).chroma;
        };
        CHECK(chroma_of(PixelFormat::yuyv, Subsampling::s420) == ChromaLayout::yuv420);
        CHECK(chroma_of(PixelFormat::yuyv, Subsampling::s422) == ChromaLayout::yuv422);
        CHECK(chroma_of(PixelFormat::yuyv, Subsampling::s444) == ChromaLayout::yuv422);
        CHECK(chroma_of(PixelFormat::yuv422, Subsampling::s420) == ChromaLayout::yuv420);
        CHECK(chroma_of(PixelFormat::nv12, Subsampling::s422) == ChromaLayout::yuv420);
        CHECK(chroma_of(PixelFormat::yuv420, Subsampling::s444) == ChromaLayout::yuv420);
        CHECK(chroma_of(PixelFormat::rgb24, Subsampling::s420) == ChromaLayout::yuv420);
        CHECK(chroma_of(PixelFormat::rgb565, Subsampling::s422) == ChromaLayout::yuv422);
        CHECK(chroma_of(PixelFormat::bgrx32, Subsampling::s444) == ChromaLayout::yuv444);
    }

    TEST_CASE("a buffer that is one octet short is refused in words") {
        JpegEncoder encoder({.quality = 80});
        for (const PixelFormat format : all_formats)
            for (const unsigned width : {32U, 31U, 1U}) {
                CAPTURE(to_string(format));
                CAPTURE(width);
                const BarPicture picture(format, width, 15);
                CHECK(encoder.encode(picture.image()).error.empty());
                const auto shorter = picture.octets().first(picture.octets().size() - 1);
                const auto result = encoder.encode(raw_image_in(shorter, format, width, 15));
                CHECK(result.error == "the picture is cut short");
                CHECK(result.jpeg.empty());
            }
    }

    TEST_CASE("pictures of no size, of a size beyond all, and with rows too short are refused") {
        JpegEncoder encoder({.quality = 80});
        const std::vector<std::byte> buffer(4096);
        for (const PixelFormat format : all_formats) {
            CAPTURE(to_string(format));
            CHECK(!encoder.encode(raw_image_in(buffer, format, 0, 8)).error.empty());
            CHECK(!encoder.encode(raw_image_in(buffer, format, 8, 0)).error.empty());
            CHECK(!encoder.encode(raw_image_in(buffer, format, 65535, 1)).error.empty());
            CHECK(!encoder.encode(raw_image_in(buffer, format, 16, 8, 15)).error.empty());
        }
    }

    TEST_CASE("one encoder takes pictures of any size and format after each other") {
        JpegEncoder encoder({.quality = 80});
        for (const unsigned width : {16U, 1U, 640U, 3U, 64U})
            for (const PixelFormat format : all_formats) {
                const BarPicture picture(format, width, 24);
                const auto result = encoder.encode(picture.image());
                REQUIRE(result.error.empty());
                const CheckedJpeg checked = check_jpeg(result.jpeg);
                CHECK(checked);
                CHECK(checked.width == width);
            }
    }

    TEST_CASE("a lower quality gives fewer octets") {
        const BarPicture picture(PixelFormat::yuv420, 128, 64);
        JpegEncoder coarse({.quality = 10}), fine({.quality = 95});
        CHECK(coarse.encode(picture.image()).jpeg.size() <
              fine.encode(picture.image()).jpeg.size());
    }
}

}  // namespace onlooker::media
