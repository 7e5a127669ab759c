// The driver on a USB camera, played by tests/vm/uvc_camera.
#include <doctest/doctest.h>

#include <chrono>
#include <cstddef>
#include <string>
#include <thread>
#include <variant>

#include "camera/driver.hpp"
#include "support/driver_contract.hpp"
#include "tests/libcamera/module.hpp"
#include "tests/libcamera/stop_times.hpp"
#include "tests/libcamera/usb_hand.hpp"
#include "tests/support/fake_capture_context.hpp"

using namespace onlooker;
using namespace onlooker::test;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

namespace {

// Each takes a good part of a second here; a thousand are made with virtual cameras.
constexpr int restarts = 100;

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
            CHECK(Clock::now() - *captured->captured < 500ms);
        }
    }

    TEST_CASE("is reduced to the rate that it does not have itself") {
        auto driver = make("", {{"fps", "10"}});
        FakeCaptureContext context;
        auto pictures = begin(*driver, context);
        const auto start = Clock::now();
        for (int i = 0; i < 20; ++i)
            REQUIRE(pictures.next() != nullptr);
        const double rate = 20 / std::chrono::duration<double>(Clock::now() - start).count();
        MESSAGE("rate: " << rate);
        CHECK(rate > 8.5);
        CHECK(rate < 11.5);
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

    TEST_CASE("starts many times without leaving a descriptor, a thread or memory") {
        auto driver = make("");
        contract::leaves_nothing_behind(restarts, [&] {
            FakeCaptureContext context;
            const auto pictures = begin(*driver, context);
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
            const auto start = Clock::now();
            std::string words;
            CHECK(failure_of(pictures, words) == camera::ErrorKind::no_signal);
            CHECK(mentions(words, "no picture for 2 s"));
            CHECK(Clock::now() - start < 4s);
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
                const auto start = Clock::now();
                std::string words;
                CHECK(failure_of(pictures, words) == camera::ErrorKind::unplugged);
                CHECK(mentions(words, "was unplugged"));
                CHECK(Clock::now() - start < 3s);
            }
            std::string words;
            CHECK(failure_of(*driver, words) == camera::ErrorKind::not_found);
            act("UVC_REPLUG");
            const auto start = Clock::now();
            bool back = false;
            while (!back && Clock::now() - start < 10s) {
                FakeCaptureContext context;
                auto pictures = driver->frames(context);
                try {
                    back = pictures.next() != nullptr;
                } catch (const camera::CameraError&) {
                    std::this_thread::sleep_for(50ms);
                }
            }
            CHECK(back);
            MESSAGE("back after "
                    << std::chrono::ceil<std::chrono::milliseconds>(Clock::now() - start).count()
                    << " ms");
        }
    }

    TEST_CASE("stopped while it is being unplugged it ends in order") {
        auto driver = make("");
        for (int i = 0; i < 4; ++i) {
            {
                FakeCaptureContext context;
                auto pictures = begin(*driver, context);
                act("UVC_UNPLUG");
                std::this_thread::sleep_for(std::chrono::milliseconds(10 * i));
            }
            act("UVC_REPLUG");
            std::this_thread::sleep_for(3s);
        }
    }
}
