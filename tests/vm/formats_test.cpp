// Every pixel format, from the kernel's vivid, against the colours that its test pattern has.
#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <string>
#include <variant>

#include "capture_run.hpp"
#include "sample.hpp"
#include "v4l2/v4l2_driver.hpp"
#include "vivid.hpp"

using namespace onlooker;
using test::CaptureRun;
using test::Rgb;
using test::Vivid;

namespace {

const std::string single_planar = "/dev/video10";
const std::string multi_planar = "/dev/video11";

// vivid's "100% Colorbar", from left to right; its "Horizontal 100% Colorbar" from the top.
constexpr std::array<Rgb, 8> bars{{{255, 255, 255},
                                   {255, 255, 0},
                                   {0, 255, 255},
                                   {0, 255, 0},
                                   {255, 0, 255},
                                   {255, 0, 0},
                                   {0, 0, 255},
                                   {0, 0, 0}}};
// RGB565 has steps of 8, and full-range conversion in the kernel is by integers.
constexpr double tolerance = 10;

void check_bars(const std::string& device, const std::string& format, const std::string& size) {
    CAPTURE(device);
    CAPTURE(format);
    CAPTURE(size);
    const auto entry = drivers::v4l2_driver_entry();
    for (const auto pattern : {Vivid::bars, Vivid::rows}) {
        Vivid vivid(device);
        vivid.set(Vivid::text, Vivid::no_text);
        vivid.set(Vivid::test_pattern, pattern);
        CaptureRun run(entry, device, {{"format", format}, {"size", size}, {"fps", "25"}});
        run.next();
        const auto* captured = run.next();
        REQUIRE(captured);
        const auto* image = std::get_if<media::RawImage>(&captured->picture);
        REQUIRE(image);
        CHECK(size == std::to_string(image->width) + "x" + std::to_string(image->height));
        for (unsigned i = 0; i < bars.size(); ++i) {
            // The middle of the bar, away from where chroma blends.
            const unsigned across = pattern == Vivid::bars ? i * 2 + 1 : 8;
            const unsigned down = pattern == Vivid::bars ? 8 : i * 2 + 1;
            const Rgb seen =
                test::pixel_at(*image, image->width * across / 16, image->height * down / 16);
            CAPTURE(i);
            if (format == "GREY")
                CHECK_MESSAGE(std::abs(seen.red - bars[i].grey()) < tolerance, seen);
            else
                CHECK_MESSAGE(seen.distance(bars[i]) < tolerance, seen);
        }
    }
}

}  // namespace

TEST_SUITE("v4l2 formats") {
    TEST_CASE("colours and orientation are right in every format") {
        for (const char* format : {"YUYV", "YVYU", "UYVY", "NV12", "NV21", "YU12", "YV12", "422P",
                                   "GREY", "RGB565", "RGB24", "BGR24"})
            check_bars(single_planar, format, "640x480");
    }

    TEST_CASE("and with planes in buffers of their own") {
        for (const char* format : {"NM12", "NM21", "YM12", "YM21", "YM16", "YUYV", "RGB24"})
            check_bars(multi_planar, format, "640x480");
    }

    TEST_CASE("and at a size that is no multiple of sixteen") {
        for (const char* format : {"YUYV", "NV12", "YU12", "RGB24"})
            check_bars(single_planar, format, "320x180");
    }

    TEST_CASE("without options, the picture is as large as it can be at full rate") {
        CaptureRun run(drivers::v4l2_driver_entry(), single_planar, {});
        const auto* captured = run.next();
        REQUIRE(captured);
        const auto& image = std::get<media::RawImage>(captured->picture);
        CHECK(image.width == 640);
        CHECK(image.height == 480);
        CHECK(image.format == media::PixelFormat::yuv420);
        CHECK(run.context.warnings().empty());
    }

    TEST_CASE("stamps are the device's, on the monotonic clock") {
        CaptureRun run(drivers::v4l2_driver_entry(), single_planar, {{"fps", "25"}});
        run.next();
        const auto* captured = run.next();
        REQUIRE(captured);
        REQUIRE(captured->captured);
        const auto age = std::chrono::steady_clock::now() - *captured->captured;
        CHECK(age >= age.zero());
        CHECK(age < std::chrono::milliseconds(500));
    }

    TEST_CASE("a rate that the device lacks is made by leaving frames out") {
        using namespace std::chrono_literals;
        // 640x480 goes at 10, 12.5, 15 and 25; 7 is made of 10.
        CaptureRun run(drivers::v4l2_driver_entry(), single_planar,
                       {{"size", "640x480"}, {"fps", "7"}});
        run.next();
        const auto begin = std::chrono::steady_clock::now();
        for (int i = 0; i < 14; ++i)
            REQUIRE(run.next());
        const auto took = std::chrono::steady_clock::now() - begin;
        CHECK(took > 1700ms);
        CHECK(took < 4s);  // a busy machine may lose some
    }

    TEST_CASE("a size that the device lacks becomes the nearest, and is told") {
        CaptureRun run(drivers::v4l2_driver_entry(), single_planar, {{"size", "700x500"}});
        const auto* captured = run.next();
        REQUIRE(captured);
        CHECK(std::get<media::RawImage>(captured->picture).width == 640);
        REQUIRE(run.context.warnings().size() == 1);
        CHECK(run.context.warnings()[0] == "/dev/video10 gives 640x480 instead of size=700x500");
    }
}
