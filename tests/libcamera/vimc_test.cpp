// The driver on the kernel's virtual media controller.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <variant>

#include "camera/driver.hpp"
#include "support/driver_contract.hpp"
#include "tests/libcamera/module.hpp"
#include "tests/libcamera/stop_times.hpp"
#include "tests/support/fake_capture_context.hpp"

using namespace onlooker;
using namespace onlooker::test;

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
        // Each start takes a good part of a second here; a thousand are made with virtual cameras.
        check_driver_contract({.name = "vimc",
                               .make = [] { return make("", {{"size", "320x240"}}); },
                               .plug = Without("libcamera ends the program when it is unbound"),
                               .control = ChangeableControl{"brightness", 0.5},
                               .restarts = 150,
                               .longest_stop = slowest_emulated_stop});
    }
}
