// A camera whose pictures stay the same: what is sent of them, counted, and thought of the camera.
#include <asio/co_spawn.hpp>
#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <exception>
#include <memory>
#include <vector>

#include "base/clock.hpp"
#include "base/running_clock.hpp"
#include "camera/camera.hpp"
#include "camera/viewing.hpp"
#include "capture_desk.hpp"
#include "support/scripted_driver.hpp"
#include "support/test_loop.hpp"

using namespace onlooker;
using namespace onlooker::camera;
using namespace std::chrono_literals;
using Desk = test::CaptureDesk;
using test::captured;
using test::grey_picture;
using test::start;

namespace {

constexpr int changes = 4;

// Ten pictures of each of four, which differ in one octet, as fast as they are taken.
Generator<Captured> ten_of_each(CaptureContext&) {
    std::vector<std::byte> pixels(256, std::byte{0x80});
    for (int i = 0; i < changes; ++i) {
        pixels[17] = static_cast<std::byte>(i);
        media::RawImage image = grey_picture();
        image.planes[0] = {.data = pixels, .stride = 16};
        for (int same = 0; same < 10; ++same)
            co_yield captured(image);
    }
}

Generator<Captured> cut_short(CaptureContext&) {
    media::RawImage image = grey_picture();
    image.planes[0].data = image.planes[0].data.first(100);
    for (int i = 0; i < 10; ++i)
        co_yield captured(image);
}

struct Stage : test::TestLoop {
    Stage() {
        Camera::Settings settings;
        settings.name = "bed";
        settings.driver = settings.device = "scripted";
        settings.supervision.stall_at_least = 40ms;
        settings.capture.same.at_most = 1h;
        settings.feed.repeat_once_after = 20ms;
        settings.feed.repeat_every = 60ms;
        camera = std::make_unique<Camera>(loop.get_executor(), settings, [this] {
            return std::make_unique<test::ScriptedDriver>(
                [this](CaptureContext& context) {
                    ++openings;
                    return test::steady_pictures(context, 2ms);
                },
                500);
        });
    }
    ~Stage() {
        camera->close();
        run_until([this] {
            bool done = false;
            asio::co_spawn(loop, camera->wait_closed(RunningClock::now()),
                           [&done](std::exception_ptr, bool closed) { done = closed; });
            loop.poll();
            return done;
        });
    }

    std::atomic<int> openings = 0;
    std::unique_ptr<Camera> camera;
};

}  // namespace

TEST_SUITE("pictures that are held back") {
    TEST_CASE("are counted, and leave no gap in the numbers of the others") {
        for (const unsigned workers : {0U, 2U}) {
            CAPTURE(workers);
            Desk desk;
            const auto capture =
                start(desk, ten_of_each, {.same = {.at_most = 1h}, .encode_workers = workers});
            REQUIRE(desk.run_to_end());
            const std::uint64_t sent = desk.frames.size() + desk.losses.loop + desk.losses.pace;
            CHECK(sent + desk.same == 10 * changes);
            // A picture that found every worker busy was not sent, nor is the next one held back.
            if (workers == 0)
                CHECK(sent == changes);
            CHECK(capture->next_number() == 1 + sent);
        }
    }

    TEST_CASE("are sent like all others unless the user wants it") {
        Desk desk;
        const auto capture = start(desk, ten_of_each);
        REQUIRE(desk.run_to_end());
        CHECK(desk.same == 0);
        CHECK(desk.frames.size() + desk.losses.loop == 10 * changes);
    }

    TEST_CASE("are none of those that cannot be shown") {
        for (const unsigned workers : {0U, 1U}) {
            CAPTURE(workers);
            Desk desk;
            const auto capture =
                start(desk, cut_short, {.same = {.at_most = 1h}, .encode_workers = workers});
            REQUIRE(desk.run_to_end());
            CHECK(desk.same == 0);
            CHECK(desk.broken + desk.losses.pace == 10);
        }
    }

    TEST_CASE("show that the camera is live, and how fast it is") {
        Stage stage;
        const Viewing viewing(stage.camera->feed(), {});
        REQUIRE(stage.run_until([&] {
            return stage.camera->counts().same >= 100 &&
                   stage.camera->captured_rate(SteadyClock::now()) > 0;
        }));
        CHECK(stage.camera->live());
        CHECK(stage.openings == 1);
        CHECK(stage.camera->counts().faults == 0);
        CHECK(stage.camera->counts().frames <= 2);
        CHECK(stage.camera->captured_rate(SteadyClock::now()) > 20);
        CHECK(stage.camera->feed().rate(SteadyClock::now()) < 5);
        // The viewers are sent the same picture again, as ever.
        CHECK(stage.camera->feed().edition() > 5);
    }

    TEST_CASE("do not keep a picture from somebody who wants one taken from now on") {
        Stage stage;
        const Viewing viewing(stage.camera->feed(), {});
        REQUIRE(stage.run_until([&] { return stage.camera->counts().same >= 10; }));
        const SteadyTime asked = SteadyClock::now();
        const Viewing snapshot(stage.camera->feed(), {});
        CHECK(stage.run_until(
            [&] { return stage.camera->feed().picture()->stamps().captured >= asked; }));
        const auto frames = stage.camera->counts().frames;
        const auto same = stage.camera->counts().same;
        REQUIRE(stage.run_until([&] { return stage.camera->counts().same >= same + 10; }));
        CHECK(stage.camera->counts().frames == frames);
    }

    TEST_CASE("stand in the frame log with the next frame") {
        Stage stage;
        const Viewing viewing(stage.camera->feed(), {});
        REQUIRE(stage.run_until([&] { return stage.camera->counts().same >= 10; }));
        const FrameLog& log = stage.camera->frame_log();
        const std::uint64_t rows = log.end();
        const Viewing another(stage.camera->feed(), {});
        REQUIRE(stage.run_until([&] { return log.end() > rows; }));
        // One that comes while the loop has not yet taken the first is told with that.
        CHECK(log.at(0).same + log.at(rows).same >= 10);
        CHECK(log.at(0).same < 10);
    }
}
