#include "camera/capture_thread.hpp"

#include <poll.h>

#include <doctest/doctest.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <new>
#include <optional>
#include <semaphore>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.hpp"
#include "capture_desk.hpp"
#include "media/jpeg_encoder.hpp"
#include "support/sanitized.hpp"
#include "support/scarce_memory.hpp"
#include "support/scripted_driver.hpp"

using namespace onlooker;
using namespace onlooker::camera;
using namespace std::chrono_literals;
using Desk = test::CaptureDesk;
using test::captured;
using test::grey_picture;
using test::start;

namespace {

Generator<Captured> three(CaptureContext&) {
    for (int i = 0; i < 3; ++i)
        co_yield captured(grey_picture());
}

Generator<Captured> unplugged(CaptureContext&) {
    co_yield captured(grey_picture());
    throw CameraError(ErrorKind::unplugged, "the cable is out");
}

Generator<Captured> broken_library(CaptureContext&) {
    throw std::logic_error("it went wrong inside");
    co_return;
}

Generator<Captured> odd_exception(CaptureContext&) {
    throw 42;
    co_return;
}

#if !ONLOOKER_SANITIZED

Generator<Captured> reports_without_memory(CaptureContext& context) {
    // What is reported is moved; only the post needs memory.
    test::fail_allocations(1);
    try {
        context.report_controls({});
    } catch (const std::bad_alloc&) {
        context.warn("no post");
    }
    while (context.sleep_until(SteadyClock::now() + 1ms))
        co_yield captured(grey_picture());
}

Generator<Captured> ends_without_memory(CaptureContext&) {
    co_yield captured(grey_picture());
    test::fail_allocations(4);
}

#endif

Generator<Captured> quiet(CaptureContext& context) {
    context.warn("the picture is dark");
    Control brightness;
    brightness.id = "brightness";
    context.report_controls({brightness});
    while (context.sleep_until(SteadyClock::now() + 1h)) {
    }
    co_return;
}

// Takes control changes as pictures take them: at once. Shows a picture when it has taken `count`.
Generator<Captured> controlled(CaptureContext& context, std::vector<ControlChange>& seen,
                               std::size_t count) {
    while (!context.stop_requested()) {
        pollfd waited{.fd = context.stop_descriptor(), .events = POLLIN, .revents = 0};
        ::poll(&waited, 1, -1);
        for (ControlChange& change : context.take_control_changes())
            seen.push_back(std::move(change));
        if (seen.size() >= count)
            co_yield captured(grey_picture());
    }
}

// Shared, since the thread of a driver that hangs outlives the test that left it behind.
struct Cell {
    std::binary_semaphore locked{0};
    std::binary_semaphore entered{0};
    std::binary_semaphore left{0};
};

Generator<Captured> hung(CaptureContext&, std::shared_ptr<Cell> cell) {
    cell->entered.release();
    cell->locked.acquire();
    cell->left.release();
    co_yield captured(grey_picture());
}

}  // namespace

TEST_SUITE("capture thread") {
    TEST_CASE("frames come numbered and stamped, and then the end in words") {
        Desk desk;
        const auto capture = start(desk, three, {.first_number = 41});
        REQUIRE(desk.run_to_end());
        REQUIRE_FALSE(desk.frames.empty());
        CHECK(desk.frames.back()->number() == 43);
        CHECK(desk.frames.back()->width() == 16);
        const media::Stamps& stamps = desk.frames.back()->stamps();
        CHECK(stamps.captured <= stamps.taken);
        CHECK(stamps.taken <= stamps.ready);
        CHECK(desk.frames.size() + desk.losses.loop == 3);
        CHECK_FALSE(desk.end->stopped);
        CHECK(desk.end->words == "the source has no more pictures");
        CHECK(capture->next_number() == 44);
    }

    TEST_CASE("an error of the driver arrives with its kind and words") {
        Desk desk;
        const auto capture = start(desk, unplugged);
        REQUIRE(desk.run_to_end());
        CHECK(desk.frames.size() == 1);
        CHECK(desk.end->kind == ErrorKind::unplugged);
        CHECK(desk.end->words == "the cable is out");
    }

    TEST_CASE("no exception of a driver gets past the thread") {
        Desk first;
        const auto capture = start(first, broken_library);
        REQUIRE(first.run_to_end());
        CHECK(first.end->words == "the driver failed: it went wrong inside");
        Desk second;
        const auto other = start(second, odd_exception);
        REQUIRE(second.run_to_end());
        CHECK(second.end->kind == ErrorKind::failed);
    }

#if !ONLOOKER_SANITIZED

    TEST_CASE("a delivery that finds no memory does not keep the next ones back") {
        Desk desk;
        const auto capture = start(desk, reports_without_memory);
        REQUIRE(desk.run_until([&] { return !desk.frames.empty(); }));
        capture->stop();
        REQUIRE(desk.run_to_end());
        CHECK(desk.warnings == std::vector<std::string>{"no post"});
    }

    TEST_CASE("without memory the end arrives all the same") {
        Desk desk;
        const auto capture = start(desk, ends_without_memory);
        REQUIRE(desk.run_to_end());
        CHECK_FALSE(desk.end->stopped);
        CHECK(desk.end->words == "no memory left");
    }

#endif

    TEST_CASE("a stop wakes a driver that sleeps, and warnings and controls arrive before") {
        Desk desk;
        const auto capture = start(desk, quiet);
        REQUIRE(desk.run_until([&] { return !desk.controls.empty(); }));
        CHECK(desk.warnings == std::vector<std::string>{"the picture is dark"});
        const auto asked = SteadyClock::now();
        capture->stop();
        REQUIRE(desk.run_to_end());
        CHECK(desk.end->stopped);
        CHECK(SteadyClock::now() - asked < 5s);
    }

    TEST_CASE("control changes reach the driver in order, and a stop after them is not missed") {
        Desk desk;
        std::vector<ControlChange> seen;
        const auto capture =
            start(desk, [&seen](CaptureContext& context) { return controlled(context, seen, 2); });
        capture->change({"brightness", 10});
        capture->change({"contrast", 20});
        REQUIRE(desk.run_until([&] { return !desk.frames.empty(); }));
        capture->stop();
        REQUIRE(desk.run_to_end());
        REQUIRE(seen.size() == 2);
        CHECK(seen[0].id == "brightness");
        CHECK(seen[1].value == 20);
    }

    TEST_CASE("a driver that does not return can be abandoned, and is not heard of again") {
        const auto cell = std::make_shared<Cell>();
        Desk desk;
        auto capture = start(desk, [cell](CaptureContext& context) { return hung(context, cell); });
        cell->entered.acquire();
        capture->abandon();
        capture.reset();
        cell->locked.release();
        cell->left.acquire();
        desk.loop.poll();
        CHECK(desk.frames.empty());
        CHECK_FALSE(desk.end);
    }

    TEST_CASE("started and stopped five hundred times at once after another") {
        Desk desk;
        for (int i = 0; i < 500; ++i) {
            desk.end.reset();
            const auto capture = start(
                desk, [](CaptureContext& context) { return test::steady_pictures(context, 1ms); });
            if (i % 2 == 0)
                desk.run_until([&] { return !desk.frames.empty(); });
            capture->stop();
            REQUIRE(desk.run_to_end());
            desk.frames.clear();
        }
    }
}
