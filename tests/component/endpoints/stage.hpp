// What the tests of the endpoints share: the table of endpoints, one camera and the server, over
// real sockets. The camera takes a picture when the test turns its handle and at no other time, so
// each test knows what there is to see.
#pragma once

#include <asio/co_spawn.hpp>
#include <asio/executor_work_guard.hpp>
#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <exception>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <random>
#include <semaphore>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.hpp"
#include "base/running_clock.hpp"
#include "component/http/served.hpp"
#include "endpoints/endpoints.hpp"
#include "support/emulated.hpp"
#include "support/scripted_driver.hpp"

namespace onlooker::test {

// Each picture is noise of its own, which no encoder makes small.
class HandCrankedCamera {
  public:
    void turn() { turns_.release(); }

    Generator<camera::Captured> frames(camera::CaptureContext& context) {
        std::vector<std::byte> pixels(std::size_t{width} * height);
        while (!context.stop_requested()) {
            if (!turns_.try_acquire_for(std::chrono::milliseconds(5)))
                continue;
            std::ranges::generate(pixels, [this] { return static_cast<std::byte>(noise_()); });
            co_yield captured(media::raw_image_in(pixels, media::PixelFormat::grey, width, height));
        }
    }

  private:
    static constexpr unsigned width = 640, height = 480;

    std::counting_semaphore<> turns_{0};
    std::minstd_rand noise_;
};

// Nothing happens by the clock: no stall, no card, no repetition.
inline camera::Camera::Settings settings_without_clock() {
    camera::Camera::Settings settings;
    settings.name = "yard";
    settings.driver = settings.device = "hand-cranked";
    settings.supervision.idle_after = std::chrono::milliseconds(0);
    settings.supervision.first_frame_within = std::chrono::hours(1);
    settings.supervision.stall_at_least = std::chrono::hours(1);
    settings.supervision.starting_card_after = std::chrono::hours(1);
    settings.feed.repeat_once_after = std::chrono::hours(1);
    settings.feed.repeat_every = std::chrono::hours(1);
    return settings;
}

// Of the variants: how many recipes there may be, and what makes their pictures.
struct Making {
    std::size_t most = 16;
    std::function<variants::Workshop::Make()> maker{};
};

class Stage {
  public:
    explicit Stage(const endpoints::EndpointSettings& settings = {},
                   const camera::Camera::Settings& camera = settings_without_clock(),
                   const Making& making = {})
        : served_(http::Router()), work_(served_.executor()) {
        served_.on_loop([&] {
            cameras_.push_back(std::make_unique<camera::Camera>(served_.executor(), camera, [this] {
                return std::make_unique<ScriptedDriver>(
                    [this](camera::CaptureContext& context) { return handle_.frames(context); });
            }));
            variants_.emplace(
                served_.executor(),
                variants::Variants::Settings{
                    .most = making.most, .workers = 1, .idle_after = camera.supervision.idle_after},
                making.maker);
            endpoints::add_endpoints(served_.router(), served_.executor(), cameras_, *variants_,
                                     settings);
        });
    }
    ~Stage() {
        if (!served_.stop(std::chrono::seconds(5)))
            served_.on_loop([this] { served_.server().abort(); });
        std::promise<void> closed;
        served_.on_loop([&] {
            cameras_.front()->close();
            asio::co_spawn(
                served_.executor(),
                cameras_.front()->wait_closed(RunningClock::now() + std::chrono::seconds(5)),
                [&closed](std::exception_ptr, bool) { closed.set_value(); });
        });
        closed.get_future().wait();
        served_.on_loop([this] {
            variants_.reset();
            cameras_.clear();
        });
    }

    std::uint16_t port() const noexcept { return served_.port(); }
    http::test::Served& served() noexcept { return served_; }

    template <typename Ask>
    auto ask(Ask question) {
        std::optional<decltype(question(*cameras_.front()))> answer;
        served_.on_loop([&] { answer = question(*cameras_.front()); });
        return *answer;
    }
    // False when that takes more than ten seconds (test::patience).
    template <typename Question>
    bool until(Question question) {
        const auto limit = SteadyClock::now() + test::patience(std::chrono::seconds(10));
        bool holds = false;
        while (!(holds = ask(question)) && SteadyClock::now() < limit)
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        return holds;
    }

    // One more picture, published to all viewers when this returns; its JPEG.
    std::string turn() {
        const auto before = ask([](camera::Camera& camera) { return camera.feed().edition(); });
        handle_.turn();
        REQUIRE(
            until([before](camera::Camera& camera) { return camera.feed().edition() > before; }));
        return picture();
    }

    // The same of a camera that may show cards meanwhile.
    std::string turn_to_picture() {
        const auto before = ask([](camera::Camera& camera) { return camera.feed().picture(); });
        handle_.turn();
        REQUIRE(
            until([before](camera::Camera& camera) { return camera.feed().picture() != before; }));
        return picture();
    }

  private:
    std::string picture() {
        return ask([](camera::Camera& camera) {
            const auto jpeg = camera.feed().picture()->jpeg();
            return std::string(reinterpret_cast<const char*>(jpeg.data()), jpeg.size());
        });
    }

    HandCrankedCamera handle_;
    endpoints::Cameras cameras_;
    std::optional<variants::Variants> variants_;
    http::test::Served served_;
    asio::executor_work_guard<Executor> work_;  // the camera outlives the server's work
};

inline std::size_t viewers(camera::Camera& camera) {
    return camera.feed().viewers();
}

}  // namespace onlooker::test
