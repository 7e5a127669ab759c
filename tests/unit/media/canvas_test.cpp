#include "media/canvas.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <vector>

namespace onlooker::media {

namespace {

constexpr Colour red = rgb(255, 0, 0);
constexpr Colour white = rgb(255, 255, 255);

// What a viewer would see at this pixel.
Colour pixel(const Canvas& canvas, int x, int y) {
    const RawImage image = canvas.image();
    const auto sample = [&](std::size_t plane, int column, int row) {
        const Plane& from = image.planes[plane];
        return static_cast<std::uint8_t>(from.data[static_cast<std::size_t>(row) * from.stride +
                                                   static_cast<std::size_t>(column)]);
    };
    return {sample(0, x, y), sample(1, x / 2, y / 2), sample(2, x / 2, y / 2)};
}

Coverage square(int side, std::uint8_t value) {
    return {side, side,
            std::vector<std::uint8_t>(
                static_cast<std::size_t>(side) * static_cast<std::size_t>(side), value)};
}

}  // namespace

TEST_SUITE("canvas") {
    TEST_CASE("colours are those of JFIF") {
        CHECK(rgb(0, 0, 0) == Colour{0, 128, 128});
        CHECK(white == Colour{255, 128, 128});
        CHECK(red == Colour{76, 85, 255});
        CHECK(rgb(0, 0, 255) == Colour{29, 255, 107});
    }

    TEST_CASE("a new one is black, in full range, with planes of the exact size") {
        const Canvas canvas(5, 3);
        const RawImage image = canvas.image();
        CHECK(image.format == PixelFormat::yuv420);
        CHECK(image.full_range);
        CHECK(image.planes[0].data.size() == 15);
        CHECK(image.planes[1].data.size() == 6);
        CHECK(image.planes[2].data.size() == 6);
        for (int y = 0; y < 3; ++y)
            for (int x = 0; x < 5; ++x)
                CHECK(pixel(canvas, x, y) == Colour{});
    }

    TEST_CASE("a size that is no size is refused") {
        CHECK_THROWS_AS(Canvas(0, 10), std::invalid_argument);
        CHECK_THROWS_AS(Canvas(10, 16385), std::invalid_argument);
    }

    TEST_CASE("fill colours the area and nothing else") {
        Canvas canvas(8, 8);
        canvas.fill({2, 2, 4, 2}, red);
        for (int y = 0; y < 8; ++y)
            for (int x = 0; x < 8; ++x) {
                const bool inside = x >= 2 && x < 6 && y >= 2 && y < 4;
                CHECK(pixel(canvas, x, y) == (inside ? red : Colour{}));
            }
    }

    TEST_CASE("fill reaches the last column and row of an odd size") {
        Canvas canvas(5, 3);
        canvas.fill(canvas.area(), red);
        CHECK(pixel(canvas, 4, 2) == red);
        CHECK(pixel(canvas, 0, 2) == red);
        canvas.fill({4, 0, 1, 3}, white);
        CHECK(pixel(canvas, 4, 1) == white);
        CHECK(pixel(canvas, 3, 1) == red);
    }

    TEST_CASE("what lies outside is clipped") {
        Canvas canvas(4, 4);
        canvas.fill({-10, -10, 12, 12}, red);
        CHECK(pixel(canvas, 1, 1) == red);
        CHECK(pixel(canvas, 2, 2) == Colour{});
        canvas.fill({100, 0, 5, 5}, white);
        canvas.fill({0, 0, -3, 4}, white);
        canvas.blend(square(9, 255), -20, -20, white);
        canvas.blend(square(9, 255), 100, 100, white);
        CHECK(pixel(canvas, 0, 0) == red);
        CHECK(pixel(canvas, 3, 3) == Colour{});
    }

    TEST_CASE("areas side by side leave no chroma sample out, at odd borders too") {
        Canvas canvas(9, 4);
        canvas.fill({0, 0, 3, 4}, red);
        canvas.fill({3, 0, 6, 4}, red);
        for (int x = 0; x < 9; ++x)
            CHECK(pixel(canvas, x, 2) == red);
    }

    TEST_CASE("a shape that covers all is like fill, one that covers half mixes") {
        Canvas canvas(8, 8);
        canvas.blend(square(4, 255), 2, 2, red);
        CHECK(pixel(canvas, 3, 3) == red);
        CHECK(pixel(canvas, 6, 6) == Colour{});
        canvas.blend(square(2, 128), 6, 6, white);
        CHECK(pixel(canvas, 6, 6).luma == 128);
    }

    TEST_CASE("a shape that hangs over the edge is drawn as far as there is room") {
        Canvas canvas(5, 5);
        canvas.blend(square(4, 255), 3, 3, red);
        canvas.blend(square(4, 255), -3, -3, red);
        CHECK(pixel(canvas, 4, 4) == red);
        CHECK(pixel(canvas, 0, 0).luma == red.luma);
        CHECK(pixel(canvas, 2, 2).luma == 0);
    }

    TEST_CASE("restore takes over an area of another canvas of the same size") {
        Canvas background(6, 6), canvas(6, 6);
        background.fill(background.area(), red);
        canvas.restore(background, {2, 2, 2, 2});
        CHECK(pixel(canvas, 2, 3) == red);
        CHECK(pixel(canvas, 4, 3) == Colour{});
        CHECK_THROWS_AS(canvas.restore(Canvas(6, 4), {0, 0, 1, 1}), std::invalid_argument);
    }
}

}  // namespace onlooker::media
