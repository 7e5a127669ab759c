// The driver on a USB camera, played by tests/vm/uvc_camera.
#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <map>
#include <string>
#include <thread>
#include <variant>

#include "base/clock.hpp"
#include "camera/driver.hpp"
#include "support/driver_contract.hpp"
#include "tests/libcamera/module.hpp"
#include "tests/libcamera/stop_times.hpp"
#include "tests/libcamera/usb_hand.hpp"
#include "tests/support/fake_capture_context.hpp"

using namespace onlooker;
using namespace onlooker::test;
using namespace std::chrono_literals;

namespace {

// As libcamera has it: from -1 to 1 around the camera's default.
double brightness_in_camera() {
    constexpr double fallback = 128;
    const auto received = received_by_camera("brightness");
    return received.empty() ? 0 : (static_cast<double>(received.back()) - fallback) / fallback;
}

}  // namespace

TEST_SUITE("uvc") {
    TEST_CASE("gives its JPEG pictures octet for octet") {
        const auto fed = fed_pictures();
        REQUIRE_FALSE(fed.empty());
        auto driver = make("", {{"size", "640x480"}});
        FakeCaptureContext context;
        auto pictures = begin(*driver, context);
        for (int i = 0; i < 20; ++i) {
            const auto* captured = pictures.next();
            REQUIRE(captured != nullptr);
            CHECK(is_one_of(std::get<media::JpegImage>(captured->picture), fed));
            REQUIRE(captured->captured);
            CHECK(SteadyClock::now() - *captured->captured < 500ms);
        }
    }

    TEST_CASE("is reduced to the rate that it does not have itself") {
        auto driver = make("", {{"fps", "10"}});
        FakeCaptureContext context;
        auto pictures = begin(*driver, context);
        const auto start = SteadyClock::now();
        for (int i = 0; i < 20; ++i)
            REQUIRE(pictures.next() != nullptr);
        const double rate = 20 / std::chrono::duration<double>(SteadyClock::now() - start).count();
        MESSAGE("rate: " << rate);
        CHECK(rate > 8.5);
        CHECK(rate < 11.5);
    }

    // The camera has its own numbers; libcamera's are relative to the default, times of the
    // default, and microseconds. Of several settings in a row the emulated camera at times loses
    // one when its computer is busy: it is then opened again, and receives them again.
    TEST_CASE("receives each control when it is opened") {
        const std::map<std::string, long> expected{{"brightness", 192},   {"contrast", 192},
                                                   {"saturation", 64},    {"gain", 192},
                                                   {"exposure_mode", 1},  // manual
                                                   {"exposure_time", 200}};
        auto driver = make("", {{"brightness", "0.5"},
                                {"contrast", "1.25"},
                                {"saturation", "0.5"},
                                {"gain", "2"},
                                {"exposure", "20000"}});
        const auto all_received = [&expected] {
            return std::ranges::all_of(
                expected, [](const auto& pair) { return has_received(pair.first, pair.second); });
        };
        for (int opening = 0; opening < 3 && !all_received(); ++opening) {
            FakeCaptureContext context;
            auto pictures = begin(*driver, context);
            CHECK(pictures.next() != nullptr);
        }
        for (const auto& [name, value] : expected) {
            CAPTURE(name);
            CHECK(has_received(name, value));
        }
    }

    TEST_CASE("receives a control while it runs, and one that was changed before it is opened") {
        auto driver = make("", {{"brightness", "0.5"}});
        {
            FakeCaptureContext context;
            auto pictures = begin(*driver, context);
            CHECK(has_received("brightness", 192));
            context.change_control("brightness", -0.5);
            for (int i = 0; i < 6; ++i)
                CHECK(pictures.next() != nullptr);
            CHECK(has_received("brightness", 64));
        }
        FakeCaptureContext context;
        context.change_control("brightness", 0.25);
        auto pictures = begin(*driver, context);
        for (int i = 0; i < 6; ++i)
            CHECK(pictures.next() != nullptr);
        CHECK(has_received("brightness", 160));
    }

    TEST_CASE("is told to find its exposure by itself") {
        auto driver = make("", {{"exposure", "auto"}});
        FakeCaptureContext context;
        auto pictures = begin(*driver, context);
        CHECK(pictures.next() != nullptr);
        CHECK(has_received("exposure_mode", 8));  // aperture priority
    }

    TEST_CASE("cannot be turned, and libcamera does not know its focus: both are told") {
        auto driver = make("", {{"rotation", "180"}, {"focus", "auto"}});
        FakeCaptureContext context;
        auto pictures = begin(*driver, context);
        CHECK(is_one_of(std::get<media::JpegImage>(pictures.next()->picture), fed_pictures()));
        std::string all;
        for (const std::string& warning : context.warnings())
            all += warning + "\n";
        CHECK(mentions(all, "cannot turn or mirror its picture"));
        CHECK(mentions(all, "no control af_mode"));
    }

    TEST_CASE("is not opened twice") {
        auto first = make("");
        FakeCaptureContext context;
        auto pictures = begin(*first, context);
        std::string words;
        CHECK(failure_of(*make(""), words) == camera::ErrorKind::busy);
        CHECK(pictures.next() != nullptr);
    }

    TEST_CASE("stops in time at any moment") {
        auto driver = make("");
        check_stop_times(*driver, 40);
    }

    TEST_CASE("keeps the contract of drivers") {
        Plug cable;
        cable.unplug = [] { act("UVC_UNPLUG"); };
        cable.replug = [] { act("UVC_REPLUG"); };
        cable.times = 5;
        check_driver_contract({
            .name = "uvc",
            .make = [] { return make(""); },
            .plug = cable,
            .control = ChangeableControl{"brightness", 0.5, brightness_in_camera},
            .start_attempts = 6,
        });
    }

    TEST_CASE("unplugged and plugged in while nobody looks, it is there for the next who does") {
        auto driver = make("");
        for (int i = 0; i < 5; ++i) {
            CAPTURE(i);
            {
                FakeCaptureContext context;
                const auto pictures = begin(*driver, context);
            }
            act("UVC_UNPLUG");
            std::this_thread::sleep_for(500ms);
            act("UVC_REPLUG");
            std::this_thread::sleep_for(2s);
        }
    }

    TEST_CASE("one that falls silent is noticed, in words, and goes on when it does") {
        auto driver = make("");
        {
            FakeCaptureContext context;
            auto pictures = begin(*driver, context);
            act("UVC_STALL");
            const auto start = SteadyClock::now();
            std::string words;
            CHECK(failure_of(pictures, words) == camera::ErrorKind::no_signal);
            CHECK(mentions(words, "no picture for 2 s"));
            CHECK(SteadyClock::now() - start < 4s);
        }
        act("UVC_RESUME");
        FakeCaptureContext context;
        auto pictures = begin(*driver, context);
        CHECK(pictures.next() != nullptr);
    }

    TEST_CASE("unplugged in mid-picture it says so, and is there again when plugged in") {
        auto driver = make("");
        for (int i = 0; i < 5; ++i) {
            CAPTURE(i);
            {
                FakeCaptureContext context;
                auto pictures = begin(*driver, context);
                std::this_thread::sleep_for(std::chrono::milliseconds(13 * i));
                act("UVC_UNPLUG");
                const auto start = SteadyClock::now();
                std::string words;
                CHECK(failure_of(pictures, words) == camera::ErrorKind::unplugged);
                CHECK(mentions(words, "was unplugged"));
                CHECK(SteadyClock::now() - start < 1s);
            }
            std::string words;
            CHECK(failure_of(*driver, words) == camera::ErrorKind::not_found);
            act("UVC_REPLUG");
            const auto start = SteadyClock::now();
            bool back = false;
            while (!back && SteadyClock::now() - start < 1s) {
                FakeCaptureContext context;
                auto pictures = driver->frames(context);
                try {
                    back = pictures.next() != nullptr;
                } catch (const camera::CameraError&) {
                    std::this_thread::sleep_for(50ms);
                }
            }
            CHECK(back);
            MESSAGE(
                "back after "
                << std::chrono::ceil<std::chrono::milliseconds>(SteadyClock::now() - start).count()
                << " ms");
        }
    }
}
