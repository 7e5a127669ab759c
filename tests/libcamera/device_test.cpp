// The module camera_libcamera.so with cameras of the kernel, in a virtual machine: the virtual
// media controller (suite vimc) and a real USB camera of our own making (suite uvc).
//
//     libcamera-device-test MODULE -ts=uvc
//
// What is done to the USB camera from outside are commands in the environment: UVC_STALL,
// UVC_RESUME, UVC_UNPLUG, UVC_REPLUG; UVC_PICTURES is the folder of what it shows.

#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "camera/driver.hpp"
#include "support/driver_contract.hpp"
#include "tests/libcamera/module.hpp"
#include "tests/support/fake_capture_context.hpp"

using namespace onlooker;
using namespace onlooker::test;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

namespace {

void act(const char* name) {
    const char* command = std::getenv(name);
    REQUIRE(command != nullptr);
    REQUIRE(std::system(command) == 0);
}

std::vector<std::string> fed_pictures() {
    std::vector<std::string> pictures;
    const char* folder = std::getenv("UVC_PICTURES");
    REQUIRE(folder != nullptr);
    for (const auto& picture : std::filesystem::directory_iterator(folder)) {
        std::ifstream file(picture.path(), std::ios::binary);
        pictures.emplace_back(std::istreambuf_iterator<char>(file),
                              std::istreambuf_iterator<char>());
    }
    return pictures;
}

// The camera may pad a picture by an octet, as real ones do.
bool is_one_of(const media::JpegImage& image, const std::vector<std::string>& pictures) {
    return std::ranges::any_of(pictures, [&](const std::string& picture) {
        return image.data.size() >= picture.size() && image.data.size() <= picture.size() + 1 &&
               std::memcmp(image.data.data(), picture.data(), picture.size()) == 0;
    });
}

// The camera's first picture, as the server would get it: this one at times refuses a request, like
// others on a busy bus, and is then tried again.
Generator<camera::Captured> begin(camera::Driver& driver, FakeCaptureContext& context) {
    for (int attempt = 0;; ++attempt) {
        auto pictures = driver.frames(context);
        try {
            const bool began = pictures.next() != nullptr;
            REQUIRE(began);
            return pictures;
        } catch (const camera::CameraError& error) {
            if (error.kind() != camera::ErrorKind::failed || attempt == 10)
                throw;
            MESSAGE("tried again: " << std::string(error.what()));
            std::this_thread::sleep_for(200ms);
        }
    }
}

// How often the driver can be stopped and started, at odd moments, and what the slowest stop took.
std::chrono::milliseconds slowest_stop(camera::Driver& driver, int times) {
    auto slowest = 0ms;
    for (int i = 0; i < times; ++i) {
        FakeCaptureContext context;
        Clock::time_point asked{};
        std::jthread stopper([&] {
            std::this_thread::sleep_for(std::chrono::milliseconds(i * 37 % 400));
            asked = Clock::now();
            context.request_stop();
        });
        try {
            auto pictures = driver.frames(context);
            while (pictures.next() != nullptr) {
            }
        } catch (const camera::CameraError& error) {
            MESSAGE("ended by itself: " << std::string(error.what()));
            asked = Clock::now();
        }
        const auto ended = Clock::now();
        stopper.join();
        slowest = std::max(slowest, std::chrono::ceil<std::chrono::milliseconds>(ended - asked));
    }
    return slowest;
}

// 200 ms are promised, and kept with the virtual cameras; the machine that plays this one is many
// times slower than a real one.
constexpr auto stop_limit = 2s;

void check_no_leak(camera::Driver& driver, int times) {
    std::size_t descriptors = 0;
    std::size_t threads = 0;
    for (int i = 0; i < times; ++i) {
        FakeCaptureContext context;
        const auto pictures = begin(driver, context);
        if (i < 3) {
            descriptors = entries_of("/proc/self/fd");
            threads = entries_of("/proc/self/task");
        } else {
            CHECK(entries_of("/proc/self/fd") == descriptors);
            CHECK(entries_of("/proc/self/task") == threads);
        }
    }
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

    TEST_CASE("takes its controls at the start and while it runs, and keeps them") {
        auto driver = make("", {{"brightness", "0.5"}});
        for (const double expected : {0.5, -0.25}) {
            FakeCaptureContext context;
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
        const auto slowest = slowest_stop(*driver, 12);
        MESSAGE("slowest stop: " << slowest.count() << " ms");
        CHECK(slowest < stop_limit);
    }

    TEST_CASE("keeps the contract of drivers") {
        // Each start takes a good part of a second here; a thousand are made with virtual cameras.
        check_driver_contract({.name = "vimc",
                               .make = [] { return make("", {{"size", "320x240"}}); },
                               .restarts = 60,
                               .longest_stop = stop_limit});
    }
}

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

    TEST_CASE("stops in time at any moment, and leaks nothing") {
        auto driver = make("");
        const auto slowest = slowest_stop(*driver, 8);
        MESSAGE("slowest stop: " << slowest.count() << " ms");
        CHECK(slowest < stop_limit);
        check_no_leak(*driver, 10);
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

int main(int argc, char** argv) {
    return load_module(argc, argv) ? doctest::Context(argc - 1, argv + 1).run() : 2;
}
