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

#include "media/jpeg_encoder.hpp"
#include "scarce_memory.hpp"
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
    void on_losses(const Losses& losses) override { lost_in_all += losses; }
    void on_broken(std::uint32_t count, const std::string& words) override {
        ++broken_told;
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
    Losses lost_in_all;
    std::uint32_t broken = 0;
    int broken_told = 0;
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

constexpr std::array half_jpeg{std::byte{0xff}, std::byte{0xd8}, std::byte{0xff}};

Generator<Captured> half_pictures(CaptureContext& context) {
    while (!context.stop_requested())
        co_yield captured(media::JpegImage{half_jpeg});
}

// A hundred, a millisecond apart, so that the loop gets each of them by itself.
Generator<Captured> every_other_one_broken(CaptureContext& context) {
    auto next = std::chrono::steady_clock::now();
    for (int i = 0; i < 50; ++i) {
        co_yield captured(media::JpegImage{half_jpeg});
        co_yield captured(grey_picture());
        context.sleep_until(next += 2ms);
    }
}

Generator<Captured> nothing_but_losses(CaptureContext&) {
    for (int i = 0; i < 5; ++i) {
        Captured broken = captured(media::JpegImage{half_jpeg});
        broken.lost = 2;
        co_yield broken;
    }
}

Generator<Captured> reports_without_memory(CaptureContext& context) {
    // What is reported is moved; only the post needs memory.
    test::fail_allocations(1);
    try {
        context.report_controls({});
    } catch (const std::bad_alloc&) {
        context.warn("no post");
    }
    while (context.sleep_until(std::chrono::steady_clock::now() + 1ms))
        co_yield captured(grey_picture());
}

Generator<Captured> ends_without_memory(CaptureContext&) {
    co_yield captured(grey_picture());
    test::fail_allocations(4);
}

Generator<Captured> raw_then_jpeg(CaptureContext&, std::atomic<bool>& done) {
    media::JpegEncoder encoder({});
    const auto small = encoder.encode(grey_picture()).jpeg;
    const std::vector<std::byte> pixels(1920 * 1080, std::byte{0x40});
    media::RawImage large = grey_picture();
    large.width = 1920;
    large.height = 1080;
    large.planes[0] = {.data = pixels, .stride = 1920};
    co_yield captured(large);
    co_yield captured(media::JpegImage{small});
    done = true;
    done.notify_all();
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
        CHECK(desk.lost_in_all.loop == 999);
    }

    TEST_CASE("a pace that nobody can follow is limited before pictures are encoded") {
        Desk desk;
        std::atomic<bool> done = false;
        const auto capture =
            start(desk, [&done](CaptureContext& context) { return flood(context, 1000, done); },
                  {.highest_rate = 1});
        REQUIRE(desk.run_to_end());
        CHECK(desk.frames.size() <= 2);
        CHECK(desk.frames.size() + desk.lost_in_all.sum() == 1000);
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

    TEST_CASE("good pictures between the bad ones do not have them told more often") {
        Desk desk;
        const auto begin = std::chrono::steady_clock::now();
        const auto capture = start(desk, every_other_one_broken);
        REQUIRE(desk.run_to_end());
        const auto passed = std::chrono::steady_clock::now() - begin;
        CHECK(desk.frames.size() > 2);
        // At once, once for each second that began since, and at the end.
        CHECK(desk.broken_told <= 2 + passed / 1s);
        CHECK(desk.broken == 50);
    }

    TEST_CASE("what was lost is told though no good picture follows") {
        Desk desk;
        const auto capture = start(desk, nothing_but_losses);
        REQUIRE(desk.run_to_end());
        CHECK(desk.frames.empty());
        CHECK(desk.broken == 5);
        CHECK(desk.lost_in_all.broken == 5);
        CHECK(desk.lost_in_all.device == 10);
    }

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
        CHECK(desk.frames.size() + desk.lost_in_all.sum() == 2000);
        CHECK(desk.frames.size() >= 1);
        CHECK(capture->next_number() == 2001);
    }

    TEST_CASE("with workers, a JPEG does not overtake the raw picture before it") {
        Desk desk;
        std::atomic<bool> done = false;
        const auto capture =
            start(desk, [&done](CaptureContext& context) { return raw_then_jpeg(context, done); },
                  {.encode_workers = 1});
        done.wait(false);
        REQUIRE(desk.run_to_end());
        REQUIRE(desk.frames.size() == 1);
        CHECK(desk.frames.front()->number() == 2);
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
