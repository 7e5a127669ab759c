// Every pixel format, from the kernel's vivid, against the colours that its test pattern has.
#include <doctest/doctest.h>
#include <linux/videodev2.h>

#include <array>
#include <cmath>
#include <string>
#include <variant>

#include "base/clock.hpp"
#include "capture_run.hpp"
#include "media/jpeg_encoder.hpp"
#include "sample.hpp"
#include "v4l2/entry.hpp"
#include "v4l2/kernel.hpp"
#include "v4l2/settings.hpp"
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

void check_colour(const std::string& format, const Rgb& seen, const Rgb& expected, double allowed) {
    if (format == "GREY")
        CHECK_MESSAGE(std::abs(seen.red - expected.grey()) < allowed, seen);
    else
        CHECK_MESSAGE(seen.distance(expected) < allowed, seen);
}

// The pattern as it lies in the buffer, and once more as a viewer decodes it from our JPEG.
void check_pattern(const media::RawImage& image, const std::string& format, bool from_the_top) {
    media::JpegEncoder encoder(
        media::JpegEncoder::Settings{95, media::JpegEncoder::Subsampling::s422});
    const auto encoded = encoder.encode(image);
    REQUIRE_MESSAGE(encoded.error.empty(), std::string(encoded.error));
    const test::DecodedJpeg decoded(encoded.jpeg);
    REQUIRE(decoded.image().width == image.width);
    REQUIRE(decoded.image().height == image.height);
    for (unsigned i = 0; i < bars.size(); ++i) {
        CAPTURE(i);
        // The middle of the bar, away from where chroma blends.
        const unsigned x = image.width * (from_the_top ? 8 : i * 2 + 1) / 16;
        const unsigned y = image.height * (from_the_top ? i * 2 + 1 : 8) / 16;
        check_colour(format, test::pixel_at(image, x, y), bars[i], tolerance);
        check_colour(format, test::pixel_at(decoded.image(), x, y), bars[i], tolerance);
    }
}

void check_bars(const std::string& device, const std::string& format, const std::string& size) {
    CAPTURE(device);
    CAPTURE(format);
    CAPTURE(size);
    const auto entry = drivers::v4l2::entry();
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
        check_pattern(*image, format, pattern == Vivid::rows);
    }
}

// The kernel, but no device that it shows converts colours: ours then has to.
class WithoutConversion final : public drivers::v4l2::Kernel {
  public:
    int open(const char* path, int flags) override { return kernel_.open(path, flags); }
    int close(int fd) override { return kernel_.close(fd); }
    int poll(pollfd* descriptors, std::size_t count, int timeout_ms) override {
        return kernel_.poll(descriptors, count, timeout_ms);
    }
    void* map(std::size_t length, int fd, std::int64_t offset) override {
        return kernel_.map(length, fd, offset);
    }
    int unmap(void* address, std::size_t length) override { return kernel_.unmap(address, length); }
    int ioctl(int fd, unsigned long request, void* argument) override {
        const int result = kernel_.ioctl(fd, request, argument);
        if (request == VIDIOC_ENUM_FMT && result == 0)
            static_cast<v4l2_fmtdesc*>(argument)->flags &=
                ~static_cast<__u32>(V4L2_FMT_FLAG_CSC_QUANTIZATION | V4L2_FMT_FLAG_CSC_YCBCR_ENC);
        return result;
    }

  private:
    drivers::v4l2::Kernel& kernel_ = drivers::v4l2::system_kernel();
};

void check_range(const std::string& format, v4l2_quantization quantization, bool full_range) {
    CAPTURE(format);
    CAPTURE(static_cast<int>(quantization));
    Vivid vivid(single_planar);
    vivid.set(Vivid::text, Vivid::no_text);
    vivid.set(Vivid::test_pattern, Vivid::bars);
    // What it has already is not set again, although formats that were set since changed it.
    for (const int value : {V4L2_QUANTIZATION_FULL_RANGE, V4L2_QUANTIZATION_LIM_RANGE})
        vivid.set(Vivid::quantization, value);
    vivid.set(Vivid::quantization, static_cast<std::int32_t>(quantization));
    WithoutConversion kernel;
    drivers::v4l2::V4l2Driver driver(
        drivers::v4l2::parse_options(
            {"test", single_planar, {{"format", format}, {"size", "640x480"}}}),
        kernel);
    CaptureRun run(driver);
    run.next();
    const auto* captured = run.next();
    REQUIRE(captured);
    const auto& image = std::get<media::RawImage>(captured->picture);
    CHECK(image.full_range == full_range);
    check_pattern(image, format, false);
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

    TEST_CASE("what the device gives in video range has white, black and full colours too") {
        for (const char* format : {"YUYV", "UYVY", "NV12", "YU12", "422P"}) {
            check_range(format, V4L2_QUANTIZATION_LIM_RANGE, false);
            check_range(format, V4L2_QUANTIZATION_FULL_RANGE, true);
            // By the kernel's rule for sRGB: YCbCr in video range,
            check_range(format, V4L2_QUANTIZATION_DEFAULT, false);
        }
        for (const char* format : {"RGB24", "BGR24", "RGB565"}) {
            check_range(format, V4L2_QUANTIZATION_LIM_RANGE, false);
            // and all else not.
            check_range(format, V4L2_QUANTIZATION_DEFAULT, true);
        }
    }

    TEST_CASE("without options, the picture is as large as it can be at full rate") {
        CaptureRun run(drivers::v4l2::entry(), single_planar, {});
        const auto* captured = run.next();
        REQUIRE(captured);
        const auto& image = std::get<media::RawImage>(captured->picture);
        CHECK(image.width == 640);
        CHECK(image.height == 480);
        CHECK(image.format == media::PixelFormat::yuv420);
        CHECK(run.context.warnings().empty());
    }

    TEST_CASE("stamps are the device's, on the monotonic clock") {
        CaptureRun run(drivers::v4l2::entry(), single_planar, {{"fps", "25"}});
        run.next();
        const auto* captured = run.next();
        REQUIRE(captured);
        REQUIRE(captured->captured);
        const auto age = SteadyClock::now() - *captured->captured;
        CHECK(age >= age.zero());
        CHECK(age < std::chrono::milliseconds(500));
    }

    TEST_CASE("a rate that the device lacks is made by leaving frames out") {
        using namespace std::chrono_literals;
        // 640x480 goes at 10, 12.5, 15 and 25; 7 is made of 10.
        CaptureRun run(drivers::v4l2::entry(), single_planar, {{"size", "640x480"}, {"fps", "7"}});
        run.next();
        const auto begin = SteadyClock::now();
        for (int i = 0; i < 14; ++i)
            REQUIRE(run.next());
        const auto took = SteadyClock::now() - begin;
        CHECK(took > 1700ms);
        CHECK(took < 4s);  // a busy machine may lose some
    }

    TEST_CASE("a size that the device lacks becomes the nearest, and is told") {
        CaptureRun run(drivers::v4l2::entry(), single_planar, {{"size", "700x500"}});
        const auto* captured = run.next();
        REQUIRE(captured);
        CHECK(std::get<media::RawImage>(captured->picture).width == 640);
        REQUIRE(run.context.warnings().size() == 1);
        CHECK(run.context.warnings()[0] == "/dev/video10 gives 640x480 instead of size=700x500");
    }
}
