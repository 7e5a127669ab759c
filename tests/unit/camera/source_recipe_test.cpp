// What is done to a camera's pictures before anybody is sent one.
#include <doctest/doctest.h>
#include <turbojpeg.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "camera/frame_maker.hpp"
#include "capture_desk.hpp"
#include "media/jpeg_decoder.hpp"
#include "media/jpeg_encoder.hpp"
#include "media/raw_image.hpp"
#include "support/scripted_driver.hpp"

using namespace onlooker;
using namespace onlooker::camera;
using test::captured;

namespace {

constexpr unsigned width = 64;
constexpr unsigned height = 32;

// Dark, and bright in its upper left quarter.
std::vector<std::byte> bright_corner() {
    std::vector<std::byte> pixels(width * height, std::byte{40});
    for (std::size_t y = 0; y < height / 2; ++y)
        for (std::size_t x = 0; x < width / 2; ++x)
            pixels[y * width + x] = std::byte{200};
    return pixels;
}

media::RawImage raw(std::span<const std::byte> pixels) {
    media::RawImage image = media::raw_image_in(pixels, media::PixelFormat::grey, width, height);
    image.full_range = true;
    return image;
}

std::vector<std::byte> jpeg(std::span<const std::byte> pixels) {
    media::JpegEncoder encoder({.quality = 95, .subsampling = {}});
    const auto octets = encoder.encode(raw(pixels)).jpeg;
    return {octets.begin(), octets.end()};
}

FrameMaker::Settings with(const media::Recipe& recipe) {
    return {.encoder = {.quality = 95, .subsampling = {}}, .recipe = recipe};
}

media::FramePtr made_of(FrameMaker& maker, media::Picture picture, bool is_card = false) {
    const FrameMaker::Result made = maker.make(captured(std::move(picture)), 7, is_card);
    REQUIRE(std::holds_alternative<media::FramePtr>(made));
    return std::get<media::FramePtr>(made);
}

// How bright each quarter is: upper left, upper right, lower left, lower right.
std::array<int, 4> quarters(const media::Frame& frame) {
    const std::unique_ptr<void, int (*)(void*)> handle(tjInitDecompress(), tjDestroy);
    const std::size_t columns = frame.width();
    const std::size_t rows = frame.height();
    std::vector<unsigned char> grey(columns * rows);
    REQUIRE(tjDecompress2(handle.get(), reinterpret_cast<const unsigned char*>(frame.jpeg().data()),
                          frame.jpeg().size(), grey.data(), static_cast<int>(columns), 0,
                          static_cast<int>(rows), TJPF_GRAY, 0) == 0);
    const auto at = [&](std::size_t x, std::size_t y) { return int{grey[y * columns + x]}; };
    const std::size_t left = columns / 4;
    const std::size_t right = columns * 3 / 4;
    const std::size_t top = rows / 4;
    const std::size_t bottom = rows * 3 / 4;
    return {at(left, top), at(right, top), at(left, bottom), at(right, bottom)};
}

bool is_variant(const media::Frame& frame) {
    const auto part = frame.part();
    const std::string_view text(reinterpret_cast<const char*>(part.data()), part.size());
    return text.substr(0, text.find("\r\n\r\n")).find("X-Variant") != std::string_view::npos;
}

// Which quarter is the bright one.
int bright_quarter(const media::Frame& frame) {
    const auto all = quarters(frame);
    int bright = -1;
    for (int i = 0; i < 4; ++i)
        if (all.at(static_cast<std::size_t>(i)) > 150)
            bright = bright < 0 ? i : 9;
    return bright;
}

}  // namespace

TEST_SUITE("recipe at the source") {
    TEST_CASE("turns raw pictures and JPEGs alike") {
        const auto pixels = bright_corner();
        const auto octets = jpeg(pixels);
        struct Row {
            media::Turn turn;
            bool mirror;
            int bright;
        };
        for (const Row& row : {Row{media::Turn::right, false, 1}, Row{media::Turn::half, false, 3},
                               Row{media::Turn::left, false, 2}, Row{media::Turn::none, true, 1}}) {
            media::Recipe recipe;
            recipe.turn = row.turn;
            recipe.mirror = row.mirror;
            FrameMaker maker(with(recipe));
            const bool upright = row.turn == media::Turn::none || row.turn == media::Turn::half;
            for (const media::Picture& picture :
                 {media::Picture(raw(pixels)), media::Picture(media::JpegImage{octets})}) {
                const media::FramePtr frame = made_of(maker, picture);
                CHECK(frame->width() == (upright ? width : height));
                CHECK(frame->height() == (upright ? height : width));
                CHECK(frame->number() == 7);
                // To its viewers it is the camera's own picture, and no variant.
                CHECK_FALSE(is_variant(*frame));
                CHECK(bright_quarter(*frame) == row.bright);
            }
        }
    }

    TEST_CASE("crops and makes smaller") {
        const auto pixels = bright_corner();
        media::Recipe recipe;
        recipe.crop = {.x = 32, .y = 0, .width = 32, .height = 32};
        FrameMaker cropping(with(recipe));
        const media::FramePtr cropped = made_of(cropping, raw(pixels));
        CHECK(cropped->width() == 32);
        CHECK(bright_quarter(*cropped) == -1);
        recipe = {};
        recipe.eighths = 4;
        FrameMaker halving(with(recipe));
        const media::FramePtr half = made_of(halving, raw(pixels));
        CHECK(half->width() == width / 2);
        CHECK(half->height() == height / 2);
        CHECK(bright_quarter(*half) == 0);
    }

    TEST_CASE("decodes no larger than the size that was asked for") {
        // So many pixels are decoded for a small part of them only.
        constexpr unsigned side = 8'200;
        static_assert(std::uint64_t{side} * side > media::JpegDecoder::most_pixels);
        const std::vector<std::byte> pixels(std::size_t{side} * side, std::byte{90});
        media::RawImage large = media::raw_image_in(pixels, media::PixelFormat::grey, side, side);
        large.full_range = true;
        media::JpegEncoder encoder({.quality = 95, .subsampling = {}});
        const auto octets = encoder.encode(large).jpeg;
        media::Recipe recipe;
        recipe.fit_width = 1'000;
        FrameMaker maker(with(recipe));
        const media::FramePtr small = made_of(maker, media::JpegImage{octets});
        CHECK(small->width() == 1'025);  // an eighth
        CHECK(small->height() == 1'025);
    }

    TEST_CASE("that changes nothing of a picture leaves it as it is") {
        const auto pixels = bright_corner();
        const auto octets = jpeg(pixels);
        media::Recipe recipe;
        recipe.fit_width = 1000;
        FrameMaker maker(with(recipe));
        FrameMaker plain(with({}));
        for (const media::Picture& picture :
             {media::Picture(raw(pixels)), media::Picture(media::JpegImage{octets})}) {
            const media::FramePtr frame = made_of(maker, picture);
            CHECK(frame->width() == width);
            CHECK(std::ranges::equal(frame->jpeg(), made_of(plain, picture)->jpeg()));
        }
    }

    TEST_CASE("does nothing to a card") {
        const auto pixels = bright_corner();
        media::Recipe recipe;
        recipe.turn = media::Turn::right;
        FrameMaker maker(with(recipe));
        CHECK(made_of(maker, raw(pixels), true)->width() == width);
    }

    TEST_CASE("tells in words what cannot be shown") {
        const auto pixels = bright_corner();
        media::RawImage cut = raw(pixels);
        cut.planes[0].data = cut.planes[0].data.first(100);
        media::Recipe recipe;
        recipe.turn = media::Turn::right;
        FrameMaker maker(with(recipe));
        const auto made = maker.make(captured(cut), 1, false);
        REQUIRE(std::holds_alternative<FrameMaker::Unusable>(made));
        CHECK(std::get<FrameMaker::Unusable>(made).why == "the picture is cut short");
    }

    TEST_CASE("is made by the workers of a camera that has some") {
        const auto pixels = bright_corner();
        media::Recipe recipe;
        recipe.turn = media::Turn::right;
        test::CaptureDesk desk;
        const auto capture = test::start(
            desk,
            [&pixels](CaptureContext& context) -> Generator<Captured> {
                return test::steady_pictures(context, std::chrono::milliseconds(2), raw(pixels));
            },
            {.frames = with(recipe), .encode_workers = 2});
        REQUIRE(desk.run_until([&] { return desk.frames.size() >= 5; }));
        capture->stop();
        REQUIRE(desk.run_to_end());
        CHECK(desk.frames.back()->width() == height);
        CHECK(bright_quarter(*desk.frames.back()) == 1);
    }
}
