// The pure parts of the V4L2 driver: formats, sizes and rates, options, pictures in buffers.
#include <doctest/doctest.h>
#include <linux/videodev2.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "v4l2/control_names.hpp"
#include "v4l2/format_choice.hpp"
#include "v4l2/picture_in.hpp"
#include "v4l2/settings.hpp"
#include "v4l2/signal.hpp"
#include "v4l2/stream_format.hpp"

using namespace onlooker::drivers::v4l2;
using onlooker::camera::Control;
using onlooker::camera::DriverOptionError;
using onlooker::camera::DriverOptions;

namespace {

const KnownFormat* named(std::string_view name) {
    const KnownFormat* format = find_format(name);
    REQUIRE(format);
    return format;
}

Offer offer(std::string_view format, unsigned width, unsigned height, double rate) {
    return {named(format), {width, height}, rate};
}

// What a usual USB 2 webcam offers.
std::vector<Offer> webcam() {
    return {offer("YUYV", 640, 480, 30),   offer("YUYV", 1280, 720, 10),
            offer("YUYV", 1920, 1080, 5),  offer("MJPEG", 640, 480, 30),
            offer("MJPEG", 1280, 720, 30), offer("MJPEG", 1920, 1080, 30)};
}

std::string choice(const std::vector<Offer>& offers, const Settings& settings) {
    const Offer* best = best_offer(offers, settings);
    if (!best)
        return "none";
    return std::string(best->format->name) + " " + std::to_string(best->size.width) + "x" +
           std::to_string(best->size.height);
}

Settings wish(std::optional<Size> size, double fps = 0, const KnownFormat* format = nullptr) {
    Settings settings;
    settings.size = size;
    settings.fps = fps;
    settings.format = format;
    return settings;
}

Control control(Control::Type type, double minimum, double maximum, double step = 1) {
    Control result;
    result.type = type;
    result.minimum = minimum;
    result.maximum = maximum;
    result.step = step;
    return result;
}

std::string refusal(const DriverOptions& options) {
    try {
        parse_options(options);
    } catch (const DriverOptionError& error) {
        return error.what();
    }
    return {};
}

}  // namespace

TEST_SUITE("v4l2 choice") {
    TEST_CASE("by itself: 1280x720 at full rate, without work for us where that can be had") {
        CHECK(choice(webcam(), {}) == "MJPEG 1280x720");
        const std::vector<Offer> raw_only{offer("YUYV", 640, 480, 30),
                                          offer("YUYV", 1280, 720, 10)};
        CHECK(choice(raw_only, {}) == "YUYV 640x480");
        CHECK(choice({offer("MJPEG", 1920, 1080, 30), offer("MJPEG", 320, 240, 30)}, {}) ==
              "MJPEG 1920x1080");
        CHECK(choice({offer("GREY", 640, 480, 30), offer("NV12", 640, 480, 30)}, {}) ==
              "NV12 640x480");
        CHECK(choice({offer("GREY", 160, 120, 9)}, {}) == "GREY 160x120");
        CHECK(choice({}, {}) == "none");
    }

    TEST_CASE("a wished size, format and rate win in that order") {
        CHECK(choice(webcam(), wish(Size{1920, 1080})) == "MJPEG 1920x1080");
        CHECK(choice(webcam(), wish(Size{1900, 1000})) == "MJPEG 1920x1080");
        CHECK(choice(webcam(), wish(Size{1280, 720}, 0, named("YUYV"))) == "YUYV 1280x720");
        CHECK(choice(webcam(), wish({}, 10, named("YUYV"))) == "YUYV 1280x720");
        CHECK(choice(webcam(), wish({}, 0, named("NV12"))) == "none");
    }

    TEST_CASE("a range of sizes gives the nearest on its step") {
        const SizeRange range{{16, 16}, {1920, 1080}, {16, 2}};
        CHECK(nearest_size(range, {640, 480}) == Size{640, 480});
        CHECK(nearest_size(range, {650, 481}) == Size{656, 482});
        CHECK(nearest_size(range, {9999, 1}) == Size{1920, 16});
        CHECK(nearest_size({{640, 480}, {640, 480}, {1, 1}}, {1280, 720}) == Size{640, 480});
    }

    TEST_CASE("the interval is the slowest that is enough; by itself, up to 30") {
        const std::array<Interval, 4> webcam_rates{{{1, 60}, {1, 30}, {1, 15}, {1, 5}}};
        CHECK(best_interval(webcam_rates, 0)->rate() == 30);
        CHECK(best_interval(webcam_rates, 10)->rate() == 15);
        CHECK(best_interval(webcam_rates, 30)->rate() == 30);
        CHECK(best_interval(webcam_rates, 90)->rate() == 60);
        const std::array<Interval, 2> film{{{1, 60}, {1001, 24000}}};
        CHECK(best_interval(film, 0)->denominator == 24000);
        const std::array<Interval, 2> fast_or_jerky{{{1, 60}, {1, 10}}};
        CHECK(best_interval(fast_or_jerky, 0)->rate() == 60);
        CHECK_FALSE(best_interval({}, 25));
    }

    TEST_CASE("options are understood, or refused with what was expected") {
        const Settings settings = parse_options({"bed",
                                                 "/dev/video0",
                                                 {{"size", "1280x720"},
                                                  {"fps", "12.5"},
                                                  {"format", "yuyv"},
                                                  {"buffers", "6"},
                                                  {"brightness", "140"},
                                                  {"ctrl.power_line_frequency", "50 Hz"}}});
        CHECK(settings.size == Size{1280, 720});
        CHECK(settings.fps == 12.5);
        CHECK(settings.format == find_format(V4L2_PIX_FMT_YUYV));
        CHECK(settings.buffers == 6);
        CHECK(settings.controls.at("brightness") == "140");
        CHECK(settings.controls.at("power_line_frequency") == "50 Hz");
        CHECK(refusal({"", "", {{"size", "1280"}}}) ==
              "size=1280: expected WIDTHxHEIGHT, each from 1 to 16384");
        CHECK(refusal({"", "", {{"fps", "0"}}}).starts_with("fps=0: expected frames per second"));
        CHECK(refusal({"", "", {{"fps", "nan"}}}).starts_with("fps=nan: expected"));
        CHECK(refusal({"", "", {{"format", "H264"}}}).find("MJPEG") != std::string::npos);
        CHECK(refusal({"", "", {{"buffers", "1"}}}).find("from 2 to 32") != std::string::npos);
        CHECK(refusal({"", "", {{"format", "MJEPG"}}}).ends_with("; did you mean MJPEG?"));
        CHECK(refusal({"", "", {{"fromat", "MJPEG"}}})
                  .starts_with("v4l2 has no option 'fromat'; did you mean format? It has size, "));
        CHECK(refusal({"", "", {{"Bad Key!", "1"}}})
                  .starts_with("v4l2 has no option 'Bad Key!'; it has size, "));
        CHECK(refusal({"", "", {{"power_line_frequency", "50_hz"}}})
                  .ends_with("is written ctrl.power_line_frequency=50_hz"));
    }

    TEST_CASE("what may be a password is not repeated when it is refused") {
        for (const char* key : {"password", "api_token", "Password"})
            CHECK(refusal({"", "", {{key, "hush"}}}).find("hush") == std::string::npos);
    }

    TEST_CASE("names of formats are those of v4l2-ctl, ffmpeg and ustreamer") {
        CHECK(find_format("mjpg") == find_format(V4L2_PIX_FMT_MJPEG));
        CHECK(find_format("I420") == find_format(V4L2_PIX_FMT_YUV420));
        CHECK(find_format("BGR3") == find_format(V4L2_PIX_FMT_BGR24));
        CHECK(find_format("nonsense") == nullptr);
        CHECK(fourcc_text(V4L2_PIX_FMT_MJPEG) == "MJPG");
        CHECK(fourcc_text(1) == "0x00000001");
    }

    TEST_CASE("controls are named and written as with v4l2-ctl") {
        CHECK(control_id("White Balance, Automatic") == "white_balance_automatic");
        CHECK(control_id("Exposure (Absolute)") == "exposure_absolute");
        CHECK(control_id("  ") == "");
        CHECK(is_control_id("exposure_absolute"));
        CHECK_FALSE(is_control_id("Exposure"));
        CHECK_FALSE(is_control_id(""));
        const Control number = control(Control::Type::integer, 0, 100, 10);
        CHECK(control_value(number, "47") == 50);
        CHECK(control_value(number, "-4") == 0);
        CHECK_FALSE(control_value(number, "much"));
        const Control wide =
            control(Control::Type::integer, -9.2233720368547758e18, 9.2233720368547758e18);
        CHECK(control_value(wide, "-5000000001") == -5000000001.0);
        Control menu = control(Control::Type::menu, 0, 3);
        menu.menu = {{1, "50 Hz"}, {3, "Auto"}};
        CHECK(control_value(menu, "50_hz") == 1);
        CHECK(control_value(menu, "auto") == 3);
        CHECK(control_value(menu, "3") == 3);
        CHECK_FALSE(control_value(menu, "2"));
        const Control flag = control(Control::Type::boolean, 0, 1);
        CHECK(control_value(flag, "on") == 1);
        CHECK(control_value(flag, "False") == 0);
    }

    TEST_CASE("a signal that is missing is told from an error of another kind") {
        CHECK(timing_words(ENOLINK));
        CHECK(timing_words(ERANGE));
        CHECK(timing_words(EINVAL) == nullptr);
        CHECK(status_words(V4L2_IN_ST_NO_SIGNAL));
        CHECK(status_words(V4L2_IN_ST_NO_COLOR) == nullptr);
        CHECK(status_words(0) == nullptr);
    }

    TEST_CASE("a picture needs all its octets, by the stride that the device says") {
        StreamFormat format{named("NV12"), {640, 480}, {672, 0, 0}, false, 30};
        const std::vector<std::byte> octets(672 * 720);
        const std::array<std::span<const std::byte>, 1> whole{octets};
        CHECK(picture_in(format, whole));
        const std::array<std::span<const std::byte>, 1> cut{std::span(octets).first(672 * 719)};
        CHECK_FALSE(picture_in(format, cut));
        StreamFormat odd{named("YU12"), {5, 5}, {6, 0, 0}, false, 30};
        const std::array<std::span<const std::byte>, 1> all{std::span(octets).first(6 * 5 + 18)};
        CHECK(picture_in(odd, all));
        const std::array<std::span<const std::byte>, 1> less{std::span(octets).first(6 * 5 + 17)};
        CHECK_FALSE(picture_in(odd, less));
    }

    TEST_CASE("planes in buffers of their own are each whole, or the picture is none") {
        const StreamFormat format{named("YM12"), {640, 480}, {640, 320, 320}, false, 30};
        const std::vector<std::byte> octets(640 * 480);
        const std::span<const std::byte> luma(octets);
        const auto chroma = luma.first(320 * 240);
        const std::array<std::span<const std::byte>, 3> whole{luma, chroma, chroma};
        CHECK(picture_in(format, whole));
        const std::array<std::span<const std::byte>, 3> cut{luma, chroma, chroma.first(100)};
        CHECK_FALSE(picture_in(format, cut));
    }

    TEST_CASE("a stride that the device leaves out is that of packed rows") {
        CHECK(stride_of(*named("YUYV"), {5, 5}, 0, 0) == 12);
        CHECK(stride_of(*named("RGB565"), {5, 5}, 0, 0) == 10);
        CHECK(stride_of(*named("YM12"), {640, 480}, 0, 0) == 640);
        CHECK(stride_of(*named("YM12"), {640, 480}, 1, 0) == 320);
        CHECK(stride_of(*named("YM16"), {641, 480}, 2, 0) == 321);
        CHECK(stride_of(*named("NM12"), {641, 480}, 1, 0) == 642);
        CHECK(stride_of(*named("YUYV"), {5, 5}, 0, 64) == 64);
        CHECK(stride_of(*named("MJPEG"), {640, 480}, 0, 0) == 0);
    }

    TEST_CASE("a stride that would overflow makes no picture of a short buffer") {
        const std::size_t half = std::size_t{1} << (std::numeric_limits<std::size_t>::digits - 1);
        const std::vector<std::byte> octets(640);
        const std::array<std::span<const std::byte>, 1> one{octets};
        const std::array<std::span<const std::byte>, 2> two{octets, octets};
        const StreamFormat packed{named("YUYV"), {640, 480}, {half, 0, 0}, false, 30};
        CHECK_FALSE(picture_in(packed, one));
        const StreamFormat pairs{named("NM12"), {640, 480}, {half, half, 0}, false, 30};
        CHECK_FALSE(picture_in(pairs, two));
    }

    TEST_CASE("the range of luma follows the words of the format") {
        CHECK_FALSE(is_full_range(*named("YUYV"), V4L2_COLORSPACE_SRGB, 0));
        CHECK(is_full_range(*named("YUYV"), V4L2_COLORSPACE_JPEG, 0));
        CHECK(is_full_range(*named("YUYV"), 0, V4L2_QUANTIZATION_FULL_RANGE));
        CHECK(is_full_range(*named("GREY"), V4L2_COLORSPACE_SRGB, 0));
        CHECK(is_full_range(*named("RGB24"), V4L2_COLORSPACE_SRGB, 0));
        CHECK_FALSE(
            is_full_range(*named("YU12"), V4L2_COLORSPACE_JPEG, V4L2_QUANTIZATION_LIM_RANGE));
        // What an HDMI grabber may say of its RGB.
        CHECK_FALSE(
            is_full_range(*named("BGR24"), V4L2_COLORSPACE_SRGB, V4L2_QUANTIZATION_LIM_RANGE));
    }
}
