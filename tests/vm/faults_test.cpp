// What happens when a device fails, from the kernel's own error injection.
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

CaptureRun start() {
    return CaptureRun(drivers::v4l2::entry(), path, {{"size", "640x480"}, {"fps", "25"}});
}

// Frames that were lost in the next `count`.
unsigned lost_in(CaptureRun& run, int count) {
    unsigned lost = 0;
    for (int i = 0; i < count; ++i) {
        const auto* captured = run.next();
        REQUIRE(captured);
        lost += captured->lost;
    }
    return lost;
}

}  // namespace

TEST_SUITE("v4l2 faults") {
    TEST_CASE("a buffer with the error flag is dropped and counted, and the next one is shown") {
        auto run = start();
        lost_in(run, 3);
        Vivid(path).set(Vivid::broken_buffer);
        CHECK(lost_in(run, 5) >= 1);
    }

    TEST_CASE("frames that the device drops are counted by the gaps they leave") {
        Vivid vivid(path);
        auto run = start();
        lost_in(run, 2);
        vivid.set(Vivid::dropped_percentage, 50);
        const unsigned lost = lost_in(run, 10);
        vivid.set(Vivid::dropped_percentage, 0);
        CHECK(lost >= 2);
    }

    TEST_CASE("a sequence that wraps is no loss") {
        Vivid vivid(path);
        vivid.set(Vivid::wrap_sequence, 1);  // begins close to the end
        auto run = start();
        lost_in(run, 3);
        const auto begin = SteadyClock::now();
        const unsigned lost = lost_in(run, 150);
        const std::chrono::duration<double> took = SteadyClock::now() - begin;
        vivid.set(Vivid::wrap_sequence, 0);
        // A busy machine loses some, but never more than there were, at 25 a second.
        CHECK(150 + lost <= took.count() * 25 + 10);
    }

    TEST_CASE("stamps that wrap are not believed") {
        Vivid vivid(path);
        vivid.set(Vivid::wrap_timestamp, 2);
        auto run = start();
        for (int i = 0; i < 10; ++i) {
            const auto* captured = run.next();
            REQUIRE(captured);
            if (captured->captured) {
                CHECK(*captured->captured <= SteadyClock::now());
            }
        }
        vivid.set(Vivid::wrap_timestamp, 0);
    }

    TEST_CASE("a device that disconnects is unplugged, and works again when opened anew") {
        {
            auto run = start();
            lost_in(run, 2);
            Vivid(path).set(Vivid::disconnect);
            const auto error = run.error_within(20);
            REQUIRE(error);
            CHECK(error->kind() == ErrorKind::unplugged);
            CHECK(std::string(error->what()) == "/dev/video10 was unplugged");
        }
        auto run = start();
        CHECK(run.next());
    }

    TEST_CASE("a driver that is unbound is unplugged, not there, and back again when bound") {
        auto run = start();
        lost_in(run, 2);
        test::bind_vivid(false);
        const auto error = run.error_within(20);
        REQUIRE(error);
        CHECK(error->kind() == ErrorKind::unplugged);
        const auto missing = start().error_within(1);
        REQUIRE(missing);
        CHECK(missing->kind() == ErrorKind::not_found);
        test::bind_vivid(true);
        CHECK(start().next());
    }

    TEST_CASE("a fatal error while streaming ends with words, and opening anew helps") {
        {
            auto run = start();
            lost_in(run, 2);
            Vivid(path).set(Vivid::fatal_error);
            const auto error = run.error_within(20);
            REQUIRE(error);
            CHECK(error->kind() == ErrorKind::failed);
            CHECK(std::string(error->what()).find("stopped giving pictures") != std::string::npos);
        }
        CHECK(start().next());
    }

    TEST_CASE("refused buffers, queueing and starting are told apart") {
        struct Case {
            Vivid::Control control;
            std::string words;
        };
        for (const Case& fault : {Case{Vivid::reqbufs_error, "gave no buffers"},
                                  Case{Vivid::streamon_error, "did not start"},
                                  Case{Vivid::qbuf_error, "stopped giving pictures"}}) {
            Vivid(path).set(fault.control);
            const auto error = start().error_within(1);
            REQUIRE(error);
            CHECK(error->kind() == ErrorKind::failed);
            CHECK_MESSAGE(std::string(error->what()).find(fault.words) != std::string::npos,
                          error->what());
            CHECK(start().next());
        }
    }

    TEST_CASE("a second user hears which program has the camera") {
        auto first = start();
        REQUIRE(first.next());
        // This program itself is left out, as its own handle is; a child of it is not.
        const auto error = start().error_within(1);
        REQUIRE(error);
        CHECK(error->kind() == ErrorKind::busy);
        CHECK_MESSAGE(std::string(error->what()).find("is in use") != std::string::npos,
                      error->what());
    }

    TEST_CASE("a node that is no camera says so") {
        const auto error = CaptureRun(drivers::v4l2::entry(), "/dev/null", {}).error_within(1);
        REQUIRE(error);
        CHECK(std::string(error->what()).starts_with("/dev/null is not a camera of the kernel"));
    }
}
