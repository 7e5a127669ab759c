#include "camera/capture_thread.hpp"

#include <poll.h>

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <semaphore>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "support/scripted_driver.hpp"
#include "support/test_loop.hpp"

using namespace onlooker;
using namespace onlooker::camera;
using namespace std::chrono_literals;
using test::captured;
using test::grey_picture;
using test::ScriptedDriver;

namespace {

struct Desk final : CaptureThread::Receiver, test::TestLoop {
    void on_frame(media::FramePtr frame, const Losses& losses) override {
        frames.push_back(std::move(frame));
        lost += losses.sum();
        lost_on_loop += losses.loop;
    }
    void on_broken(std::uint32_t count, const std::string& words) override {
        broken += count;
        why = words;
    }
    void on_controls(std::vector<Control> told) override { controls = std::move(told); }
    void on_warning(const std::string& words) override { warnings.push_back(words); }
    void on_end(CaptureEnd how) override { end = std::move(how); }

    bool run_to_end() {
        return run_until([this] { return end.has_value(); });
    }

    std::vector<media::FramePtr> frames;
    std::uint32_t lost = 0;
    std::uint32_t lost_on_loop = 0;
    std::uint32_t broken = 0;
    std::string why;
    std::vector<Control> controls;
    std::vector<std::string> warnings;
    std::optional<CaptureEnd> end;
};

std::unique_ptr<CaptureThread> start(Desk& desk, ScriptedDriver::Script script,
                                     CaptureThread::Settings settings = {}) {
    return std::make_unique<CaptureThread>(desk.loop.get_executor(),
                                           std::make_shared<ScriptedDriver>(std::move(script)),
                                           desk, settings);
}

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

Generator<Captured> half_pictures(CaptureContext& context) {
    static const std::vector<std::byte> half{std::byte{0xff}, std::byte{0xd8}, std::byte{0xff}};
    while (!context.stop_requested())
        co_yield captured(media::JpegImage{half});
}

Generator<Captured> quiet(CaptureContext& context) {
    context.warn("the picture is dark");
    Control brightness;
    brightness.id = "brightness";
    context.report_controls({brightness});
    while (context.sleep_until(std::chrono::steady_clock::now() + 1h)) {
    }
    co_return;
}

// Takes control changes as pictures take them: at once.
Generator<Captured> controlled(CaptureContext& context, std::vector<ControlChange>& seen) {
    while (!context.stop_requested()) {
        pollfd waited{.fd = context.stop_descriptor(), .events = POLLIN, .revents = 0};
        ::poll(&waited, 1, -1);
        for (ControlChange& change : context.take_control_changes())
            seen.push_back(std::move(change));
        if (!seen.empty())
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

Generator<Captured> flood(CaptureContext& context, int count, std::atomic<bool>& done) {
    for (int i = 0; i < count && !context.stop_requested(); ++i)
        co_yield captured(grey_picture());
    done = true;
    done.notify_all();
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
        CHECK(desk.frames.size() + desk.lost_on_loop == 3);
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

    TEST_CASE("a loop that is busy loses frames and never queues them") {
        Desk desk;
        std::atomic<bool> done = false;
        const auto capture =
            start(desk, [&done](CaptureContext& context) { return flood(context, 1000, done); });
        done.wait(false);
        REQUIRE(desk.run_to_end());
        CHECK(desk.frames.size() == 1);
        CHECK(desk.frames.front()->number() == 1000);
        CHECK(desk.lost_on_loop == 999);
    }

    TEST_CASE("a pace that nobody can follow is limited before pictures are encoded") {
        Desk desk;
        std::atomic<bool> done = false;
        const auto capture =
            start(desk, [&done](CaptureContext& context) { return flood(context, 1000, done); },
                  {.highest_rate = 1});
        REQUIRE(desk.run_to_end());
        CHECK(desk.frames.size() <= 2);
    }

    TEST_CASE("pictures that may not be shown are counted, and told once a second") {
        Desk desk;
        const auto capture = start(desk, half_pictures, {.highest_rate = 0});
        REQUIRE(desk.run_until([&] { return desk.broken > 0; }));
        CHECK(desk.frames.empty());
        CHECK_FALSE(desk.why.empty());
        capture->stop();
        REQUIRE(desk.run_to_end());
        CHECK(desk.end->stopped);
    }

    TEST_CASE("a stop wakes a driver that sleeps, and warnings and controls arrive before") {
        Desk desk;
        const auto capture = start(desk, quiet);
        REQUIRE(desk.run_until([&] { return !desk.controls.empty(); }));
        CHECK(desk.warnings == std::vector<std::string>{"the picture is dark"});
        const auto asked = std::chrono::steady_clock::now();
        capture->stop();
        REQUIRE(desk.run_to_end());
        CHECK(desk.end->stopped);
        CHECK(std::chrono::steady_clock::now() - asked < 5s);
    }

    TEST_CASE("control changes reach the driver in order, and a stop after them is not missed") {
        Desk desk;
        std::vector<ControlChange> seen;
        const auto capture =
            start(desk, [&seen](CaptureContext& context) { return controlled(context, seen); });
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

    TEST_CASE("with workers, frames come in the order of the pictures, and none twice") {
        Desk desk;
        const auto capture =
            start(desk, [](CaptureContext& context) { return test::steady_pictures(context, 1ms); },
                  {.encode_workers = 4});
        REQUIRE(desk.run_until([&] { return desk.frames.size() >= 200; }));
        capture->stop();
        REQUIRE(desk.run_to_end());
        for (std::size_t i = 1; i < desk.frames.size(); ++i)
            REQUIRE(desk.frames[i - 1]->number() < desk.frames[i]->number());
    }

    TEST_CASE("with workers, pictures that none has time for are lost and counted") {
        Desk desk;
        std::atomic<bool> done = false;
        const auto capture =
            start(desk, [&done](CaptureContext& context) { return flood(context, 2000, done); },
                  {.encode_workers = 2});
        REQUIRE(desk.run_to_end());
        CHECK(desk.frames.size() + desk.lost <= 2000);
        CHECK(desk.frames.size() >= 1);
        CHECK(capture->next_number() == 2001);
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
