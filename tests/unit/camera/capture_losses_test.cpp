// What is lost between a driver and the loop, where it is counted, and when it is told.
#include <doctest/doctest.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <vector>

#include "base/clock.hpp"
#include "camera/capture_thread.hpp"
#include "capture_desk.hpp"
#include "media/jpeg_encoder.hpp"
#include "support/scripted_driver.hpp"

using namespace onlooker;
using namespace onlooker::camera;
using namespace std::chrono_literals;
using Desk = test::CaptureDesk;
using test::captured;
using test::grey_picture;
using test::start;

namespace {

constexpr std::array half_jpeg{std::byte{0xff}, std::byte{0xd8}, std::byte{0xff}};

Generator<Captured> half_pictures(CaptureContext& context) {
    while (!context.stop_requested())
        co_yield captured(media::JpegImage{half_jpeg});
}

// A hundred, a millisecond apart, so that the loop gets each of them by itself.
Generator<Captured> every_other_one_broken(CaptureContext& context) {
    auto next = SteadyClock::now();
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

Generator<Captured> flood(CaptureContext& context, int count, std::atomic<bool>& done) {
    for (int i = 0; i < count && !context.stop_requested(); ++i)
        co_yield captured(grey_picture());
    done = true;
    done.notify_all();
}

}  // namespace

TEST_SUITE("capture losses") {
    TEST_CASE("a loop that is busy loses frames and never queues them") {
        Desk desk;
        std::atomic<bool> done = false;
        const auto capture =
            start(desk, [&done](CaptureContext& context) { return flood(context, 1000, done); });
        done.wait(false);
        REQUIRE(desk.run_to_end());
        CHECK(desk.frames.size() == 1);
        CHECK(desk.frames.front()->number() == 1000);
        CHECK(desk.losses_at_frame.loop == 999);
        CHECK(desk.losses.loop == 999);
    }

    TEST_CASE("a pace that nobody can follow is limited before pictures are encoded") {
        Desk desk;
        std::atomic<bool> done = false;
        const auto capture =
            start(desk, [&done](CaptureContext& context) { return flood(context, 1000, done); },
                  {.highest_rate = 1});
        REQUIRE(desk.run_to_end());
        CHECK(desk.frames.size() <= 2);
        CHECK(desk.frames.size() + desk.losses.sum() == 1000);
    }

    TEST_CASE("what was lost behind the last frame is told though the loop was busy to the end") {
        Desk desk;
        std::atomic<bool> done = false;
        const auto capture =
            start(desk, [&done](CaptureContext& context) { return flood(context, 1000, done); },
                  {.highest_rate = 1});
        done.wait(false);
        REQUIRE(desk.run_to_end());
        CHECK(desk.frames.size() + desk.losses.sum() == 1000);
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
        const auto begin = SteadyClock::now();
        const auto capture = start(desk, every_other_one_broken);
        REQUIRE(desk.run_to_end());
        const auto passed = SteadyClock::now() - begin;
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
        CHECK(desk.losses.broken == 5);
        CHECK(desk.losses.device == 10);
    }

    TEST_CASE("the count of losses only grows, and with a frame it is that of the frame") {
        Desk desk;
        const auto capture = start(desk, every_other_one_broken);
        REQUIRE(desk.run_to_end());
        CHECK_FALSE(desk.shrinks);
        CHECK(desk.losses_at_frame.broken == 50);
        CHECK(desk.losses == desk.losses_at_frame);
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
        CHECK(desk.frames.size() + desk.losses.sum() == 2000);
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
}
