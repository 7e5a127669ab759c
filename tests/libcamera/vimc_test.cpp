// The driver on the kernel's virtual media controller.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <string>
#include <variant>

#include "camera/driver.hpp"
#include "support/driver_contract.hpp"
#include "tests/libcamera/module.hpp"
#include "tests/libcamera/stop_times.hpp"
#include "tests/support/fake_capture_context.hpp"

using namespace onlooker;
using namespace onlooker::test;

namespace {

std::map<std::string, std::string> in_rgb(std::map<std::string, std::string> values = {}) {
    values.insert({{"size", "636x480"}, {"format", "rgb24"}});
    return values;
}

const media::RawImage& next_image(Generator<camera::Captured>& pictures) {
    const auto* captured = pictures.next();
    REQUIRE(captured != nullptr);
    return std::get<media::RawImage>(captured->picture);
}

using Colour = std::array<int, 3>;
using Bars = std::array<Colour, 8>;

// The kernel's colour bars: white, yellow, cyan, green, magenta, red, blue, black. Which of red,
// green and blue are lit in them, for vimc's way from a Bayer pattern to colours mixes some
// channels with dark neighbours.
constexpr Bars lit{
    {{1, 1, 1}, {1, 1, 0}, {0, 1, 1}, {0, 1, 0}, {1, 0, 1}, {1, 0, 0}, {0, 0, 1}, {}}};

// The middle of each bar, from left to right.
Bars bars_of(const media::RawImage& image) {
    Bars bars;
    const media::Plane& plane = image.planes[0];
    for (std::size_t i = 0; i < bars.size(); ++i)
        for (std::size_t channel = 0; channel < 3; ++channel)
            bars[i][channel] =
                std::to_integer<int>(plane.data[image.height / 2 * plane.stride +
                                                (2 * i + 1) * image.width / 16 * 3 + channel]);
    return bars;
}

// Of a picture that was asked for after what was changed just now.
Bars later_bars(Generator<camera::Captured>& pictures) {
    for (int i = 0; i < 8; ++i)
        next_image(pictures);
    return bars_of(next_image(pictures));
}

int spread(const Colour& colour) {
    const auto [least, most] = std::ranges::minmax(colour);
    return most - least;
}

}  // namespace

TEST_SUITE("vimc") {
    TEST_CASE("is listed with its formats and controls") {
        const auto found = entry.list();
        REQUIRE(found.size() == 1);
        CHECK(mentions(found[0].option, "libcamera:"));
        std::string facts;
        for (const std::string& fact : found[0].facts)
            facts += fact + "\n";
        INFO(facts);
        CHECK(mentions(facts, "format rgb24"));
        CHECK(mentions(facts, "control brightness="));
    }

    TEST_CASE("gives raw pictures of the size that it tells") {
        auto driver = make("Sensor B", {{"size", "640x480"}, {"format", "rgb24"}});
        FakeCaptureContext context;
        auto pictures = driver->frames(context);
        for (int i = 0; i < 10; ++i) {
            const auto* captured = pictures.next();
            REQUIRE(captured != nullptr);
            const auto& image = std::get<media::RawImage>(captured->picture);
            CHECK(image.format == media::PixelFormat::rgb24);
            CHECK(image.height == 480);
            CHECK(image.width <= 640);
            CHECK(image.planes[0].data.size() >= image.planes[0].stride * (image.height - 1));
            // The test pattern has bright parts and dark ones: not an empty buffer.
            const auto [least, most] = std::ranges::minmax_element(image.planes[0].data);
            CHECK(std::to_integer<int>(*most) - std::to_integer<int>(*least) > 100);
        }
    }

    TEST_CASE("shows the bars of its test pattern, in order and not mirrored") {
        auto driver = make("", in_rgb());
        FakeCaptureContext context;
        auto pictures = driver->frames(context);
        const auto seen = bars_of(next_image(pictures));
        for (std::size_t i = 0; i < seen.size(); ++i)
            for (std::size_t channel = 0; channel < 3; ++channel) {
                CAPTURE(i);
                CAPTURE(channel);
                CHECK(seen[i][channel] > (lit[i][channel] ? 80 : -1));
                CHECK(seen[i][channel] < (lit[i][channel] ? 200 : 20));
            }
        // It was asked for nothing, and says nothing.
        CHECK(context.warnings().empty());
    }

    TEST_CASE("brightness, contrast and saturation are seen in the pixels") {
        auto driver = make("", in_rgb({{"brightness", "0.5"}}));
        FakeCaptureContext context;
        auto pictures = driver->frames(context);
        const auto seen_with = [&](const char* control, double value) {
            context.change_control(control, value);
            return later_bars(pictures);
        };
        const Bars bright = later_bars(pictures);
        CHECK(std::ranges::min(bright[0]) >= 230);
        CHECK(std::ranges::min(bright[7]) >= 40);
        const Bars dim = seen_with("brightness", -0.5);
        const Bars usual = seen_with("brightness", 0);
        CHECK(dim[0][0] < usual[0][0] - 40);
        CHECK(usual[0][0] < bright[0][0] - 40);

        const Bars flat = seen_with("contrast", 0);
        CHECK(flat[0][0] - flat[7][0] < 10);
        CHECK(seen_with("contrast", 0.5)[0][0] < usual[0][0] - 60);
        CHECK(seen_with("contrast", 1) == usual);

        const Bars grey = seen_with("saturation", 0);
        CHECK(spread(grey[5]) < 10);
        CHECK(spread(seen_with("saturation", 0.5)[5]) < spread(usual[5]) - 60);
        CHECK(seen_with("saturation", 1) == usual);
        CHECK(context.warnings().empty());
    }

    TEST_CASE("cannot turn its picture, and says so") {
        for (const char* option : {"rotation", "hflip", "vflip"}) {
            CAPTURE(option);
            const bool turned = option == std::string("rotation");
            auto driver = make("", in_rgb({{option, turned ? "180" : "true"}}));
            FakeCaptureContext context;
            auto pictures = driver->frames(context);
            const Bars seen = later_bars(pictures);
            CHECK(seen[0][2] > 80);
            CHECK(seen[7][2] < 20);
            REQUIRE(context.warnings().size() == 1);
            CHECK(mentions(context.warnings()[0], "cannot turn or mirror its picture"));
        }
    }

    TEST_CASE("takes its controls at the start, also those that wait there, and while it runs") {
        auto driver = make("", {{"brightness", "0.5"}});
        for (const double expected : {0.5, 0.75}) {
            FakeCaptureContext context;
            if (expected == 0.75)
                context.change_control("brightness", 0.75);
            auto pictures = driver->frames(context);
            REQUIRE(pictures.next() != nullptr);
            REQUIRE(context.control("brightness") != nullptr);
            CHECK(context.control("brightness")->value == expected);
            context.change_control("brightness", -0.25);
            for (int i = 0; i < 5; ++i)
                REQUIRE(pictures.next() != nullptr);
            CHECK(context.control("brightness")->value == -0.25);
            CHECK(context.warnings().empty());
        }
    }

    TEST_CASE("stops in time at any moment") {
        auto driver = make("", {{"size", "640x480"}});
        check_stop_times(*driver, 60);
    }

    TEST_CASE("keeps the contract of drivers") {
        check_driver_contract({.name = "vimc",
                               .make = [] { return make("", {{"size", "320x240"}}); },
                               .plug = Without("libcamera ends the program when it is unbound"),
                               .control = ChangeableControl{"brightness", 0.5}});
    }
}
