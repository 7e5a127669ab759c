// The module camera_libcamera.so with libcamera's virtual cameras, loaded as the program loads it.
// Run by with_virtual_cameras.sh; its argument is the module. The virtual pipeline (0.4 and newer)
// needs no hardware, keeps no time, fills in no metadata (0.4) and has nothing to make buffers from
// on most kernels: a hard case for a driver, and a handy one.

#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <thread>
#include <utility>
#include <variant>

#include "base/clock.hpp"
#include "camera/driver.hpp"
#include "support/driver_contract.hpp"
#include "tests/libcamera/module.hpp"
#include "tests/support/fake_capture_context.hpp"

using namespace onlooker;
using namespace onlooker::test;
using namespace std::chrono_literals;
using camera::Captured;

namespace {

const media::RawImage& raw(const Captured& captured) {
    return std::get<media::RawImage>(captured.picture);
}

struct Colour {
    int y;
    int u;
    int v;
};

// White, yellow, cyan, green, magenta, red, blue, black in BT.601, limited range.
constexpr std::array<Colour, 8> bars{{{235, 128, 128},
                                      {210, 16, 146},
                                      {170, 166, 16},
                                      {145, 54, 34},
                                      {106, 202, 222},
                                      {81, 90, 240},
                                      {41, 240, 110},
                                      {16, 128, 128}}};

Colour pixel(const media::RawImage& image, unsigned x, unsigned y) {
    const auto at = [](const media::Plane& plane, std::size_t row, std::size_t column) {
        return static_cast<int>(plane.data[row * plane.stride + column]);
    };
    return {at(image.planes[0], y, x), at(image.planes[1], y / 2, x / 2 * 2),
            at(image.planes[1], y / 2, x / 2 * 2 + 1)};
}

int bar_at(const media::RawImage& image, unsigned x, unsigned y) {
    const Colour seen = pixel(image, x % image.width, y);
    for (std::size_t i = 0; i < bars.size(); ++i)
        if (std::abs(seen.y - bars[i].y) <= 4 && std::abs(seen.u - bars[i].u) <= 4 &&
            std::abs(seen.v - bars[i].v) <= 4)
            return static_cast<int>(i);
    return -1;
}

// The pattern moves to the left by a pixel from picture to picture: finds an edge, then expects
// the eight bars in order from there, in the middle of each.
bool shows_bars(const media::RawImage& image) {
    const unsigned width = image.width / 8;
    unsigned edge = 0;
    while (edge < width && bar_at(image, edge, 0) == bar_at(image, edge + 2, 0))
        ++edge;
    const int first = bar_at(image, edge + width / 2, 0);
    for (const unsigned row : {0U, image.height / 2, image.height - 1})
        for (unsigned i = 0; i < 8; ++i)
            if (bar_at(image, edge + width / 2 + i * width, row) !=
                (first + static_cast<int>(i)) % 8)
                return false;
    return first >= 0;
}

}  // namespace

TEST_SUITE("libcamera, virtual cameras") {
    TEST_CASE("are listed with their formats, sizes and the line to type") {
        const auto found = entry.list();
        REQUIRE(found.size() == 2);
        CHECK(found[0].title == "Front bars (Virtual0)");
        CHECK(found[0].option == "--camera 'libcamera:Front bars'");
        CHECK(std::ranges::any_of(found[0].facts, [](const std::string& fact) {
            return mentions(fact, "format nv12") && mentions(fact, "1280x720");
        }));
        CHECK(std::ranges::find(found[1].facts, "on the back") != found[1].facts.end());
    }

    TEST_CASE("give their bars, straight from the buffer") {
        auto driver = make("Virtual0", {{"size", "640x480"}});
        test::FakeCaptureContext context;
        auto pictures = driver->frames(context);
        for (int i = 0; i < 20; ++i) {
            const Captured* captured = pictures.next();
            REQUIRE(captured != nullptr);
            REQUIRE(raw(*captured).format == media::PixelFormat::nv12);
            CHECK(raw(*captured).width == 640);
            CHECK(raw(*captured).height == 480);
            CHECK(shows_bars(raw(*captured)));
        }
        CHECK(context.warnings().empty());
    }

    TEST_CASE("are kept to the rate, which they themselves do not keep") {
        for (const auto& [option, rate] : {std::pair{"25", 25.0}, std::pair{"", 30.0}}) {
            CAPTURE(rate);
            std::map<std::string, std::string> values;
            if (*option != '\0')
                values["fps"] = option;
            auto driver = make("0", values);
            test::FakeCaptureContext context;
            auto pictures = driver->frames(context);
            pictures.next();
            const auto start = SteadyClock::now();
            constexpr int count = 30;
            for (int i = 0; i < count; ++i)
                REQUIRE(pictures.next() != nullptr);
            const double seconds =
                std::chrono::duration<double>(SteadyClock::now() - start).count();
            CHECK(count / seconds > rate * 0.9);
            CHECK(count / seconds < rate * 1.1);
        }
    }

    TEST_CASE("have a time of capture that is just past, and grows") {
        auto driver = make("Virtual1");
        test::FakeCaptureContext context;
        auto pictures = driver->frames(context);
        SteadyTime last{};
        for (int i = 0; i < 20; ++i) {
            const Captured* captured = pictures.next();
            REQUIRE(captured != nullptr);
            REQUIRE(captured->captured);
            CHECK(*captured->captured > last);
            CHECK(*captured->captured <= SteadyClock::now());
            CHECK(SteadyClock::now() - *captured->captured < 100ms);
            last = *captured->captured;
        }
    }

    TEST_CASE("two of them run at the same time in one process") {
        auto front = make("Front bars");
        auto back = make("back");
        test::FakeCaptureContext front_context;
        test::FakeCaptureContext back_context;
        auto front_pictures = front->frames(front_context);
        auto back_pictures = back->frames(back_context);
        for (int i = 0; i < 10; ++i) {
            const Captured* captured = front_pictures.next();
            REQUIRE(captured != nullptr);
            CHECK(raw(*captured).width == 1280);
            captured = back_pictures.next();
            REQUIRE(captured != nullptr);
            CHECK(raw(*captured).width == 320);
        }
    }

    TEST_CASE("the same one twice is busy, and says so") {
        auto first = make("0");
        test::FakeCaptureContext context;
        auto pictures = first->frames(context);
        REQUIRE(pictures.next() != nullptr);
        std::string words;
        CHECK(failure_of(*make("0"), words) == camera::ErrorKind::busy);
        CHECK(mentions(words, "in use"));
        CHECK(pictures.next() != nullptr);
    }

    TEST_CASE("one that is not there is not found, and the words say which are") {
        std::string words;
        CHECK(failure_of(*make("7"), words) == camera::ErrorKind::not_found);
        CHECK(mentions(words, "0 is Front bars (Virtual0)"));
    }

    TEST_CASE("a size or a control that they do not have is told, and they run") {
        auto driver = make("0", {{"size", "333x222"}, {"brightness", "0.5"}, {"gain", "2"}});
        test::FakeCaptureContext context;
        auto pictures = driver->frames(context);
        REQUIRE(pictures.next() != nullptr);
        std::string all;
        for (const std::string& warning : context.warnings())
            all += warning + "\n";
        CHECK(mentions(all, "instead of 333x222"));
        CHECK(mentions(all, "no control brightness"));
        CHECK(mentions(all, "no control analogue_gain;"));
        // That is only to be set before it, where there is one.
        CHECK_FALSE(mentions(all, "analogue_gain_mode"));
    }

    TEST_CASE("a control change that they do not have does not end the pictures") {
        auto driver = make("0");
        test::FakeCaptureContext context;
        auto pictures = driver->frames(context);
        REQUIRE(pictures.next() != nullptr);
        context.change_control("contrast", 1);
        CHECK(pictures.next() != nullptr);
        CHECK(context.warnings().size() == 1);
    }

    TEST_CASE("stop within 200 ms at any moment") {
        auto driver = make("0", {{"fps", "5"}});
        for (int i = 0; i < 40; ++i) {
            test::FakeCaptureContext context;
            SteadyTime asked{};
            std::jthread stopper([&] {
                std::this_thread::sleep_for(std::chrono::milliseconds(i * 7));
                asked = SteadyClock::now();
                context.request_stop();
            });
            {
                auto pictures = driver->frames(context);
                while (pictures.next() != nullptr) {
                }
            }
            const auto ended = SteadyClock::now();
            stopper.join();
            CHECK(ended - asked < 200ms);
        }
    }

    TEST_CASE("a slow reader sees a fresh picture, not an old one") {
        auto driver = make("0", {{"fps", "30"}});
        test::FakeCaptureContext context;
        auto pictures = driver->frames(context);
        REQUIRE(pictures.next() != nullptr);
        for (int i = 0; i < 5; ++i) {
            std::this_thread::sleep_for(150ms);
            const auto asked = SteadyClock::now();
            const Captured* captured = pictures.next();
            REQUIRE(captured != nullptr);
            CHECK(asked - *captured->captured < 80ms);
        }
    }

    TEST_CASE("the driver keeps the contract with them, with a thousand starts") {
        test::check_driver_contract({
            .name = "libcamera",
            .make = [] { return make("0", {{"fps", "1000"}, {"size", "640x480"}}); },
            .plug = test::Without("a virtual camera stays"),
            .control = test::Without("its only control has a single value"),
        });
    }

    TEST_CASE("the camera manager comes and goes with the drivers that use it") {
        for (int i = 0; i < 10; ++i) {
            auto driver = make("1");
            test::FakeCaptureContext context;
            auto pictures = driver->frames(context);
            REQUIRE(pictures.next() != nullptr);
        }
    }
}

int main(int argc, char** argv) {
    if (!load_module(argc, argv))
        return 2;
    if (entry.list().empty()) {
        std::puts("skipped: libcamera's virtual cameras: this libcamera has none (0.4 has)");
        return 77;
    }
    return doctest::Context(argc - 1, argv + 1).run();
}
