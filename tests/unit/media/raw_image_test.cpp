#include "media/raw_image.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cstddef>
#include <limits>
#include <set>
#include <string_view>
#include <vector>

namespace onlooker::media {

namespace {

constexpr std::size_t format_count = static_cast<std::size_t>(PixelFormat::bgrx32) + 1;

struct Expected {
    PixelFormat format;
    std::size_t stride, rows;                // of the first plane of 5 x 3 pixels
    std::size_t chroma_stride, chroma_rows;  // of the others
    std::size_t planes;
};

constexpr std::array expected{
    Expected{PixelFormat::grey, 5, 3, 0, 0, 1},    Expected{PixelFormat::yuyv, 12, 3, 0, 0, 1},
    Expected{PixelFormat::yvyu, 12, 3, 0, 0, 1},   Expected{PixelFormat::uyvy, 12, 3, 0, 0, 1},
    Expected{PixelFormat::nv12, 5, 3, 6, 2, 2},    Expected{PixelFormat::nv21, 5, 3, 6, 2, 2},
    Expected{PixelFormat::yuv420, 5, 3, 3, 2, 3},  Expected{PixelFormat::yvu420, 5, 3, 3, 2, 3},
    Expected{PixelFormat::yuv422, 5, 3, 3, 3, 3},  Expected{PixelFormat::rgb565, 10, 3, 0, 0, 1},
    Expected{PixelFormat::rgb24, 15, 3, 0, 0, 1},  Expected{PixelFormat::bgr24, 15, 3, 0, 0, 1},
    Expected{PixelFormat::rgbx32, 20, 3, 0, 0, 1}, Expected{PixelFormat::bgrx32, 20, 3, 0, 0, 1},
};
static_assert(expected.size() == format_count);

}  // namespace

TEST_SUITE("raw image") {
    TEST_CASE("planes follow each other, in every format, at an odd size") {
        const std::vector<std::byte> buffer(200);
        for (const Expected& wanted : expected) {
            CAPTURE(to_string(wanted.format));
            const RawImage image = raw_image_in(buffer, wanted.format, 5, 3);
            CHECK(plane_count(wanted.format) == wanted.planes);
            CHECK(image.width == 5);
            CHECK(image.height == 3);
            const std::byte* at = buffer.data();
            for (std::size_t i = 0; i < wanted.planes; ++i) {
                const std::size_t stride = i == 0 ? wanted.stride : wanted.chroma_stride;
                const std::size_t rows = i == 0 ? wanted.rows : wanted.chroma_rows;
                CHECK(image.planes[i].stride == stride);
                CHECK(image.planes[i].data.size() == stride * rows);
                CHECK(image.planes[i].data.data() == at);
                at += stride * rows;
            }
        }
    }

    TEST_CASE("a stride of the device gives the stride of the chroma") {
        const std::vector<std::byte> buffer(10'000);
        const RawImage nv12 = raw_image_in(buffer, PixelFormat::nv12, 30, 20, 64);
        CHECK(nv12.planes[0].data.size() == 64 * 20);
        CHECK(nv12.planes[1].stride == 64);
        CHECK(nv12.planes[1].data.size() == 64 * 10);
        const RawImage yuv420 = raw_image_in(buffer, PixelFormat::yuv420, 30, 20, 64);
        CHECK(yuv420.planes[2].stride == 32);
        CHECK(yuv420.planes[2].data.data() == buffer.data() + 64 * 20 + 32 * 10);
    }

    TEST_CASE("a buffer that is too short gives short planes, never octets behind it") {
        for (const Expected& wanted : expected)
            for (std::size_t size = 0; size < 40; ++size) {
                const std::vector<std::byte> buffer(size);
                const RawImage image = raw_image_in(buffer, wanted.format, 5, 3);
                std::size_t sum = 0;
                for (const Plane& plane : image.planes)
                    sum += plane.data.size();
                CHECK(sum <= size);
            }
    }

    TEST_CASE("sizes from outside that overflow are only short") {
        const std::vector<std::byte> buffer(64);
        const unsigned most = std::numeric_limits<unsigned>::max();
        for (const Expected& wanted : expected)
            for (const std::size_t stride :
                 {std::size_t{0}, std::size_t{1}, std::numeric_limits<std::size_t>::max()}) {
                const RawImage image = raw_image_in(buffer, wanted.format, most, most, stride);
                std::size_t sum = 0;
                for (const Plane& plane : image.planes)
                    sum += plane.data.size();
                CHECK(sum <= buffer.size());
            }
    }

    TEST_CASE("the size of each plane is that of rows without a gap") {
        for (const Expected& wanted : expected) {
            CAPTURE(to_string(wanted.format));
            for (std::size_t i = 0; i < wanted.planes; ++i) {
                const PlaneSize size = plane_size(wanted.format, 5, 3, i);
                CHECK(size.row == (i == 0 ? wanted.stride : wanted.chroma_stride));
                CHECK(size.rows == (i == 0 ? wanted.rows : wanted.chroma_rows));
            }
        }
        CHECK(plane_size(static_cast<PixelFormat>(200), 5, 3).row == 0);
    }

    TEST_CASE("rows are held up to the last pixel of the last one") {
        CHECK(holds_rows(64 * 3 + 20, 64, {20, 4}));
        CHECK_FALSE(holds_rows(64 * 3 + 19, 64, {20, 4}));
        CHECK(holds_rows(20, 0, {20, 1}));
        CHECK_FALSE(holds_rows(19, 64, {20, 1}));
        CHECK_FALSE(holds_rows(1000, 19, {20, 4}));
        CHECK(holds_rows(0, 0, {0, 4}));
    }

    TEST_CASE("no stride makes a buffer seem longer than it is") {
        // Multiplied, each would come to 0 rows' worth of octets.
        const std::size_t half = std::size_t{1} << (std::numeric_limits<std::size_t>::digits - 1);
        CHECK_FALSE(holds_rows(64, half, {20, 3}));
        CHECK_FALSE(holds_rows(64, half / 2, {20, 5}));
        CHECK_FALSE(holds_rows(64, std::numeric_limits<std::size_t>::max(), {20, 2}));
    }

    TEST_CASE("every format has a name of its own") {
        std::set<std::string_view> names;
        for (const Expected& wanted : expected)
            names.insert(to_string(wanted.format));
        CHECK(names.size() == format_count);
        CHECK(to_string(static_cast<PixelFormat>(200)) == "unknown");
        CHECK(plane_count(static_cast<PixelFormat>(200)) == 0);
    }
}

}  // namespace onlooker::media
