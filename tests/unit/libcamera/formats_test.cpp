#include "libcamera/formats.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cstddef>
#include <limits>
#include <vector>

using namespace onlooker;
using namespace onlooker::drivers::libcamera_driver;
using media::PixelFormat;

namespace {

OfferedFormat offer(std::string_view name, std::vector<PictureSize> sizes) {
    OfferedFormat offered;
    offered.fourcc = known_format(name)->fourcc;
    offered.sizes = std::move(sizes);
    return offered;
}

OfferedFormat range(std::string_view name, PictureSize smallest, PictureSize largest,
                    unsigned step) {
    OfferedFormat offered = offer(name, {});
    offered.smallest = smallest;
    offered.largest = largest;
    offered.horizontal_step = offered.vertical_step = step;
    return offered;
}

using Sizes = std::vector<PictureSize>;

}  // namespace

TEST_SUITE("libcamera formats") {
    TEST_CASE("formats are known by number and by name") {
        CHECK(known_format(0x3231564e)->name == "nv12");
        CHECK(known_format("MJPEG")->fourcc == 0x47504a4d);
        CHECK_FALSE(known_format("mjpeg")->raw);
        CHECK(known_format("h264") == nullptr);
        CHECK(known_format(0) == nullptr);
    }

    TEST_CASE("JPEG is taken before raw, and planes before packed") {
        const std::vector offers{offer("yuyv", {{640, 480}}), offer("mjpeg", {{640, 480}}),
                                 offer("yuv420", {{640, 480}})};
        CHECK(choose_picture(offers, {})->format->name == "mjpeg");
        CHECK(choose_picture(std::span(offers).first(1), {})->format->name == "yuyv");
        CHECK(
            choose_picture(offers, {.format = known_format("yuv420"), .size = {}})->format->name ==
            "yuv420");
        CHECK_FALSE(choose_picture(offers, {.format = known_format("nv12"), .size = {}}));
        CHECK_FALSE(choose_picture({}, {}));
    }

    TEST_CASE("without a wish the largest size within 1280x720, else the smallest there is") {
        const std::vector offers{
            offer("mjpeg", {{320, 240}, {1920, 1080}, {1280, 720}, {640, 480}, {1280, 960}})};
        CHECK(choose_picture(offers, {})->sizes == Sizes{{1280, 720}});
        const std::vector huge{offer("mjpeg", {{4056, 3040}, {2028, 1520}})};
        CHECK(choose_picture(huge, {})->sizes == Sizes{{2028, 1520}});
    }

    TEST_CASE("a wish is tried as it is, then the nearest that is listed") {
        const std::vector offers{offer("mjpeg", {{320, 240}, {640, 480}, {1920, 1080}})};
        CHECK(choose_picture(offers, {.format = nullptr, .size = PictureSize{640, 480}})->sizes ==
              Sizes{{640, 480}});
        CHECK(choose_picture(offers, {.format = nullptr, .size = PictureSize{600, 400}})->sizes ==
              Sizes{{600, 400}, {640, 480}});
    }

    TEST_CASE("a range is kept, with its steps") {
        const std::vector offers{range("yuv420", {64, 64}, {1000, 600}, 16)};
        CHECK(choose_picture(offers, {})->sizes == Sizes{{992, 592}});
        CHECK(choose_picture(offers, {.format = nullptr, .size = PictureSize{2000, 50}})->sizes ==
              Sizes{{2000, 50}, {992, 64}});
    }

    TEST_CASE("planes are found in buffers of their own and in one buffer, odd sizes too") {
        std::vector<std::byte> memory(1000);
        const std::span<const std::byte> all(memory);
        const PictureSize size{5, 3};
        // Y 8x3, U and V 4x2.
        const std::array<std::span<const std::byte>, 1> one{all.first(24 + 8 + 8)};
        const auto joined = picture_in(one, PixelFormat::yuv420, size, 8);
        REQUIRE(joined);
        CHECK(joined->planes[1].data.data() == memory.data() + 24);
        CHECK(joined->planes[2].data.data() == memory.data() + 32);
        CHECK(joined->planes[2].stride == 4);

        const std::array<std::span<const std::byte>, 2> two{all.subspan(100, 15),
                                                            all.subspan(500, 12)};
        const auto apart = picture_in(two, PixelFormat::nv12, size, 0);
        REQUIRE(apart);
        CHECK(apart->planes[0].stride == 5);
        CHECK(apart->planes[1].stride == 6);
        CHECK(apart->planes[1].data.data() == memory.data() + 500);
    }

    TEST_CASE("a buffer may end with the last pixel, but not before it") {
        std::vector<std::byte> memory(64 * 4);
        for (const auto& [length, good] : {std::pair{64 * 3 + 20U, true}, {64 * 3 + 19U, false}}) {
            const std::array<std::span<const std::byte>, 1> one{
                std::span<const std::byte>(memory).first(length)};
            CHECK(picture_in(one, PixelFormat::yuyv, {10, 4}, 64).has_value() == good);
        }
    }

    TEST_CASE("buffers that do not suit the format are refused") {
        const std::vector<std::byte> memory(1000);
        const std::array<std::span<const std::byte>, 2> two{memory, memory};
        CHECK_FALSE(picture_in({}, PixelFormat::grey, {4, 4}, 4));
        CHECK_FALSE(picture_in(two, PixelFormat::yuv420, {4, 4}, 4));
        CHECK_FALSE(picture_in(std::span(two).first(1), PixelFormat::rgb24, {4, 4}, 11));
    }

    TEST_CASE("a stride that would overflow is refused") {
        const std::vector<std::byte> memory(64);
        const std::array<std::span<const std::byte>, 1> one{memory};
        const std::size_t half = std::size_t{1} << (std::numeric_limits<std::size_t>::digits - 1);
        CHECK_FALSE(picture_in(one, PixelFormat::grey, {4, 3}, half));
        CHECK_FALSE(picture_in(one, PixelFormat::yuyv, {4, 5}, half / 2));
    }

    TEST_CASE("YCbCr may be in video range; grey, red, green and blue are not") {
        for (const auto format : {PixelFormat::nv12, PixelFormat::yuyv, PixelFormat::yuv420})
            CHECK(may_be_video_range(format));
        for (const auto format : {PixelFormat::grey, PixelFormat::rgb24, PixelFormat::bgrx32})
            CHECK_FALSE(may_be_video_range(format));
    }

    TEST_CASE("plane sizes add up to what the planes need") {
        CHECK(plane_sizes(PixelFormat::nv12, {640, 480}, 640) ==
              std::vector<std::size_t>{640 * 480, 640 * 240});
        CHECK(plane_sizes(PixelFormat::yuv420, {5, 3}, 0) == std::vector<std::size_t>{15, 6, 6});
        CHECK(plane_sizes(PixelFormat::bgrx32, {5, 3}, 0) == std::vector<std::size_t>{60});
    }
}
