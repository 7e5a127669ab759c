// An HDMI grabber: the kernel's vivid, input 3, whose signal comes, goes and changes.
#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <thread>
#include <variant>

#include "base/clock.hpp"
#include "capture_run.hpp"
#include "v4l2/entry.hpp"
#include "vivid.hpp"

using namespace onlooker;
using namespace std::chrono_literals;
using camera::ErrorKind;
using test::CaptureRun;
using test::Vivid;

namespace {

const std::string path = "/dev/video10";

CaptureRun start(std::string source = path) {
    return CaptureRun(drivers::v4l2::entry(), std::move(source), {{"input", "hdmi"}});
}

unsigned width_of(const camera::Captured* captured) {
    REQUIRE(captured);
    return std::get<media::RawImage>(captured->picture).width;
}

// vivid's HDMI controls act on the chosen input only.
void prepare(Vivid& vivid, std::int32_t timings) {
    vivid.choose_input(3);
    vivid.set(Vivid::timings, timings);
    vivid.set(Vivid::signal_mode, Vivid::chosen);
}

}  // namespace

TEST_SUITE("v4l2 hdmi") {
    TEST_CASE("the size is that of the signal, and follows it") {
        Vivid vivid(path);
        prepare(vivid, Vivid::timings_640x480);
        auto run = start();
        CHECK(width_of(run.next()) == 640);
        vivid.set(Vivid::timings, Vivid::timings_1280x720);
        const auto begin = SteadyClock::now();
        unsigned width = 0;
        for (int i = 0; i < 60 && width != 1280; ++i)
            width = width_of(run.next());
        CHECK(width == 1280);
        CHECK(SteadyClock::now() - begin < 2s);
    }

    TEST_CASE("a lost signal is no signal, in words, and its return is a picture") {
        Vivid vivid(path);
        prepare(vivid, Vivid::timings_640x480);
        struct Case {
            Vivid::Signal signal;
            std::string words;
        };
        for (const Case& fault :
             {Case{Vivid::none, "has no signal"}, Case{Vivid::unlocked, "cannot lock"},
              Case{Vivid::out_of_range, "out of its range"}}) {
            CAPTURE(fault.words);
            auto run = start();
            REQUIRE(run.next());
            vivid.set(Vivid::signal_mode, fault.signal);
            const auto lost = run.error_within(60);
            REQUIRE(lost);
            CHECK(lost->kind() == ErrorKind::no_signal);
            CHECK(std::string(lost->what()).find(fault.words) != std::string::npos);
            const auto still = start().error_within(1);
            REQUIRE(still);
            CHECK(still->kind() == ErrorKind::no_signal);
            vivid.set(Vivid::signal_mode, Vivid::chosen);
            CHECK(start().next());
        }
    }

    TEST_CASE("an input that is not there is refused with the list of those that are") {
        CaptureRun run(drivers::v4l2::entry(), path, {{"input", "vga"}});
        const auto error = run.error_within(1);
        REQUIRE(error);
        CHECK(std::string(error->what()) ==
              "/dev/video10 has no input 'vga'; it has: 0 (Webcam 0), 1 (TV 0), 2 (S-Video 0), "
              "3 (HDMI 0)");
    }

    TEST_CASE("a TV input takes a standard, and has its size") {
        CaptureRun run(drivers::v4l2::entry(), path, {{"input", "tv"}, {"standard", "PAL"}});
        const auto* captured = run.next();
        REQUIRE(captured);
        CHECK(std::get<media::RawImage>(captured->picture).width == 720);
        CHECK(std::get<media::RawImage>(captured->picture).height == 576);
    }

    TEST_CASE("a silent device is left by a stop within 200 ms") {
        Vivid vivid(path);
        vivid.choose_input(0);
        auto run = CaptureRun(drivers::v4l2::entry(), path, {{"input", "0"}, {"fps", "25"}});
        REQUIRE(run.next());
        vivid.set(Vivid::dropped_percentage, 100);  // no frame ever comes, and no error
        const auto begin = SteadyClock::now();
        CHECK(run.next(500ms) == nullptr);
        const auto took = SteadyClock::now() - begin;
        vivid.set(Vivid::dropped_percentage, 0);
        CHECK(took >= 450ms);
        CHECK(took < 700ms);
    }
}
