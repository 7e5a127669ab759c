// One camera that takes a picture when the test turns its handle, and variants of it that a fake
// maker makes.
#pragma once

#include <asio/co_spawn.hpp>
#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <list>
#include <memory>
#include <optional>
#include <semaphore>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/running_clock.hpp"
#include "camera/camera.hpp"
#include "camera/viewing.hpp"
#include "fake_maker.hpp"
#include "support/scripted_driver.hpp"
#include "support/test_loop.hpp"
#include "variants/variants.hpp"

namespace onlooker::test {

// Somebody who looks at a feed.
class Looker {
  public:
    Looker(variants::View view, std::string via = {})
        : view_(std::move(view)), viewing_(std::in_place, *view_.feed, description(via)) {}

    camera::Feed& feed() const { return *view_.feed; }

  private:
    static camera::Viewing::Description description(const std::string& via) {
        camera::Viewing::Description description;
        description.via = via;
        return description;
    }

    variants::View view_;
    std::optional<camera::Viewing> viewing_;
};

struct VariantStage : TestLoop {
    explicit VariantStage(variants::Variants::Settings settings =
                              {.most = 16, .workers = 1, .idle_after = std::chrono::hours(1)},
                          std::chrono::milliseconds camera_idle_after = std::chrono::hours(1))
        : camera(loop.get_executor(), camera_settings(camera_idle_after),
                 [this] {
                     return std::make_unique<ScriptedDriver>(
                         [this](camera::CaptureContext& context) { return frames(context); });
                 }),
          variants(std::in_place, loop.get_executor(), settings, maker.factory()) {}
    ~VariantStage() {
        maker.let_all_go();
        variants.reset();
        camera.close();
        run_until([this] { return closed(); });
    }

    bool closed() {
        bool done = false;
        asio::co_spawn(loop, camera.wait_closed(RunningClock::now()),
                       [&done](std::exception_ptr, bool closed) { done = closed; });
        loop.poll();
        return done;
    }

    Generator<camera::Captured> frames(camera::CaptureContext& context) {
        while (!context.stop_requested()) {
            if (!turns.try_acquire_for(std::chrono::milliseconds(1)))
                continue;
            if (fails)
                throw camera::CameraError(camera::ErrorKind::unplugged, "the cable is out");
            const std::vector<std::byte> pixels(std::size_t{width} * height, std::byte{0x80});
            media::RawImage image = grey_picture();
            image.width = width;
            image.height = height;
            image.planes[0] = {.data = pixels, .stride = width};
            co_yield captured(image);
        }
    }

    // One more picture, which the camera's viewers have seen when this returns.
    void turn() {
        const media::FramePtr before = camera.feed().picture();
        turns.release();
        REQUIRE(run_until([&] { return camera.feed().picture() != before; }));
    }

    variants::View view(const media::Recipe& recipe, double rate = 0) {
        auto answer = variants->view(camera, recipe, rate);
        REQUIRE(std::holds_alternative<variants::View>(answer));
        return std::get<variants::View>(std::move(answer));
    }
    bool is_full(const media::Recipe& recipe) {
        return std::holds_alternative<variants::Variants::Full>(variants->view(camera, recipe, 0));
    }
    // The frame of that number is shown.
    bool shows(const camera::Feed& feed, std::uint64_t number) {
        return run_until([&] { return feed.showing() && feed.showing()->number() == number; });
    }
    // How many recipes there are.
    std::size_t made() const {
        std::size_t count = 0;
        variants->for_each(camera, [&count](const variants::Variants::Made&) { ++count; });
        return count;
    }
    variants::Variants::Made only_one() const {
        std::optional<variants::Variants::Made> only;
        variants->for_each(camera, [&only](const variants::Variants::Made& made) {
            REQUIRE_FALSE(only);
            only.emplace(made);
        });
        REQUIRE(only);
        return *only;
    }
    // What a coroutine on the loop was given, once it was.
    std::optional<variants::Variants::Picture>& picture(media::FramePtr frame,
                                                        const media::Recipe& recipe) {
        auto& answer = answers.emplace_back();
        asio::co_spawn(loop, variants->picture(camera, std::move(frame), recipe),
                       [&answer](std::exception_ptr failure, variants::Variants::Picture picture) {
                           REQUIRE_FALSE(failure);
                           answer = std::move(picture);
                       });
        loop.poll();
        return answer;
    }

    static camera::Camera::Settings camera_settings(std::chrono::milliseconds idle_after) {
        camera::Camera::Settings settings;
        settings.name = "bed";
        settings.title = "The bed";
        settings.driver = settings.device = "hand-cranked";
        settings.supervision.idle_after = idle_after;
        settings.supervision.first_frame_within = std::chrono::hours(1);
        settings.supervision.stall_at_least = std::chrono::hours(1);
        settings.supervision.retry_first = std::chrono::milliseconds(5);
        settings.feed.repeat_once_after = std::chrono::hours(1);
        settings.feed.repeat_every = std::chrono::hours(1);
        return settings;
    }

    std::counting_semaphore<> turns{0};
    std::atomic<bool> fails = false;
    std::atomic<unsigned> width = 64;
    std::atomic<unsigned> height = 48;
    FakeMaker maker;
    camera::Camera camera;
    std::optional<variants::Variants> variants;
    std::list<std::optional<variants::Variants::Picture>> answers;
};

}  // namespace onlooker::test
