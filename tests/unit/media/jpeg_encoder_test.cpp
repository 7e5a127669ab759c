#include "media/jpeg_encoder.hpp"

#include <doctest/doctest.h>
#include <turbojpeg.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <initializer_list>
#include <memory>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "media/canvas.hpp"
#include "media/jpeg_check.hpp"
#include "media/raw_image.hpp"

namespace onlooker::media {

namespace {

struct Rgb {
    int red, green, blue;
};
constexpr std::array bars{Rgb{255, 255, 255}, Rgb{192, 192, 0}, Rgb{0, 192, 192}, Rgb{0, 192, 0},
                          Rgb{192, 0, 192},   Rgb{192, 0, 0},   Rgb{0, 0, 192},   Rgb{16, 16, 16}};
constexpr unsigned bar_width = 16;

constexpr std::array all_formats{PixelFormat::grey,   PixelFormat::yuyv,   PixelFormat::yvyu,
                                 PixelFormat::uyvy,   PixelFormat::nv12,   PixelFormat::nv21,
                                 PixelFormat::yuv420, PixelFormat::yvu420, PixelFormat::yuv422,
                                 PixelFormat::rgb565, PixelFormat::rgb24,  PixelFormat::bgr24,
                                 PixelFormat::rgbx32, PixelFormat::bgrx32};

const Rgb& colour_at(unsigned x) {
    return bars[std::min<std::size_t>(x / bar_width, 7)];
}

// A picture of eight upright bars in memory of its own, written pixel by pixel as the comments in
// raw_image.hpp say that formats lie.
class BarPicture {
  public:
    BarPicture(PixelFormat format, unsigned width, unsigned height, std::size_t stride = 0,
               bool full_range = true)
        : octets_(octets_needed(format, width, height, stride)),
          image_(raw_image_in(octets_, format, width, height, stride)) {
        image_.full_range = full_range;
        for (unsigned y = 0; y < height; ++y)
            for (unsigned x = 0; x < width; ++x)
                put(x, y, colour_at(x));
    }

    const RawImage& image() const { return image_; }
    std::span<const std::byte> octets() const { return octets_; }

  private:
    static std::size_t octets_needed(PixelFormat format, unsigned width, unsigned height,
                                     std::size_t stride) {
        const std::vector<std::byte> plenty(
            std::size_t{8} * (std::max<std::size_t>(stride, width) + 2) * (height + 2));
        std::size_t sum = 0;
        for (const Plane& plane : raw_image_in(plenty, format, width, height, stride).planes)
            sum += plane.data.size();
        return sum;
    }

    void set(std::size_t plane, unsigned y, std::size_t octet, int value) {
        const Plane& in = image_.planes[plane];
        const auto offset = static_cast<std::size_t>(in.data.data() - octets_.data());
        octets_.at(offset + y * in.stride + octet) = static_cast<std::byte>(value);
    }

    void put_pixel(unsigned x, unsigned y, std::initializer_list<int> values) {
        std::size_t octet = x * values.size();
        for (const int value : values)
            set(0, y, octet++, value);
    }

    void put_packed(unsigned x, unsigned y, const Colour& c, int luma, int blue, int red) {
        const std::size_t pair = x / 2 * 4U;
        set(0, y, pair + static_cast<std::size_t>(luma) + x % 2 * 2U, c.luma);
        set(0, y, pair + static_cast<std::size_t>(blue), c.blue);
        set(0, y, pair + static_cast<std::size_t>(red), c.red);
    }

    // By the definition of BT.601: black at 16, the rest in 219 or 224 steps.
    static int luma_in_video_range(int value) {
        return static_cast<int>(std::lround(16 + value * 219 / 255.0));
    }
    static int chroma_in_video_range(int value) {
        return static_cast<int>(std::lround(128 + (value - 128) * 224 / 255.0));
    }

    void put(unsigned x, unsigned y, Rgb of) {
        Colour c = rgb(of.red, of.green, of.blue);
        if (!image_.full_range) {
            of = {luma_in_video_range(of.red), luma_in_video_range(of.green),
                  luma_in_video_range(of.blue)};
            c = {static_cast<std::uint8_t>(luma_in_video_range(c.luma)),
                 static_cast<std::uint8_t>(chroma_in_video_range(c.blue)),
                 static_cast<std::uint8_t>(chroma_in_video_range(c.red))};
        }
        const int packed = of.red >> 3 << 11 | of.green >> 2 << 5 | of.blue >> 3;
        switch (image_.format) {
            case PixelFormat::yuyv:
                return put_packed(x, y, c, 0, 1, 3);
            case PixelFormat::yvyu:
                return put_packed(x, y, c, 0, 3, 1);
            case PixelFormat::uyvy:
                return put_packed(x, y, c, 1, 0, 2);
            case PixelFormat::rgb565:
                return put_pixel(x, y, {packed & 255, packed >> 8});
            case PixelFormat::rgb24:
                return put_pixel(x, y, {of.red, of.green, of.blue});
            case PixelFormat::bgr24:
                return put_pixel(x, y, {of.blue, of.green, of.red});
            case PixelFormat::rgbx32:
                return put_pixel(x, y, {of.red, of.green, of.blue, 99});
            case PixelFormat::bgrx32:
                return put_pixel(x, y, {of.blue, of.green, of.red, 99});
            default:
                return put_planar(x, y, c);
        }
    }

    void put_planar(unsigned x, unsigned y, const Colour& c) {
        set(0, y, x, c.luma);
        switch (image_.format) {
            case PixelFormat::nv12:
            case PixelFormat::nv21: {
                const bool blue_first = image_.format == PixelFormat::nv12;
                set(1, y / 2, x / 2 * 2U, blue_first ? c.blue : c.red);
                set(1, y / 2, x / 2 * 2U + 1, blue_first ? c.red : c.blue);
                break;
            }
            case PixelFormat::yuv420:
                set(1, y / 2, x / 2, c.blue);
                set(2, y / 2, x / 2, c.red);
                break;
            case PixelFormat::yvu420:
                set(1, y / 2, x / 2, c.red);
                set(2, y / 2, x / 2, c.blue);
                break;
            case PixelFormat::yuv422:
                set(1, y, x / 2, c.blue);
                set(2, y, x / 2, c.red);
                break;
            default:
                break;
        }
    }

    std::vector<std::byte> octets_;
    RawImage image_;
};

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
