#include "app/app.hpp"

#include <unistd.h>

#include <asio/basic_signal_set.hpp>
#include <asio/co_spawn.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <csignal>
#include <cstddef>
#include <exception>
#include <new>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "app/app_settings.hpp"
#include "app/build_config.hpp"
#include "app/reports.hpp"
#include "base/awaitable.hpp"
#include "base/memory_reserve.hpp"
#include "camera/camera.hpp"
#include "endpoints/endpoints.hpp"
#include "http/router.hpp"
#include "http/server.hpp"

namespace onlooker::app {

namespace {

using Clock = std::chrono::steady_clock;
using SignalSet = asio::basic_signal_set<Executor>;

// From the first signal: until then guests may finish, and until then cameras. What is left of the
// two seconds that a supervisor, or a person at a terminal, is ready to wait is for the log, which
// takes up to 0.4 s where nobody reads it.
constexpr auto guests_may_stay = std::chrono::milliseconds(1'000);
constexpr auto cameras_may_stay = std::chrono::milliseconds(1'500);

// What a few thousand viewers need for a wait or two; it takes address space only.
constexpr std::size_t reserved_memory = std::size_t{2} * 1024 * 1024;

std::string random_name() {
    std::random_device random;
    return fmt::format("{:08x}{:08x}", random(), random());
}

}  // namespace

struct App::Parts {
    Parts(const Options& options, const FindDriver& find_driver);

    Awaitable<> wait_for_signal();
    Awaitable<> shut_down();
    void tell_start(const Options& options) const;
    void run_loop();

    // One thread runs it; only capture threads post to it from outside.
    asio::io_context loop{1};
    endpoints::Cameras cameras;
    http::Router router;
    std::unique_ptr<http::Server> server;
    SignalSet signals;
    bool in_good_order = true;
    std::exception_ptr failure;
};

App::Parts::Parts(const Options& options, const FindDriver& find_driver)
    : router(http::Cors{options.allow_origins}), signals(loop.get_executor(), SIGINT, SIGTERM) {
    // 1. Descriptors and addresses: what can fail for reasons outside fails before a camera opens.
    server = std::make_unique<http::Server>(loop, router, server_options(options));
    // 2. Cameras.
    for (const CameraOption& camera : options.cameras)
        cameras.push_back(
            std::make_unique<camera::Camera>(loop.get_executor(), camera_settings(options, camera),
                                             driver_factory(camera, find_driver(camera.driver))));
    // 3. What can be asked of them.
    endpoints::add_endpoints(router, loop.get_executor(), cameras,
                             endpoint_settings(options, random_name()));
    // 4. The door.
    server->start();
    tell_start(options);
}

void App::Parts::tell_start(const Options& options) const {
    for (const auto& camera : cameras)
        spdlog::info("camera {}: {}{}", camera->name(), camera->settings().device,
                     camera->settings().supervision.always_on ? ", always on"
                                                              : ", opens with its first viewer");
    const bool secure = !options.tls_certificate.empty();
    for (const auto& endpoint : server->endpoints())
        spdlog::info("onlooker {} shows {} camera{} at {}", build_config::version, cameras.size(),
                     cameras.size() == 1 ? "" : "s",
                     page_address(endpoint.address().to_string(), endpoint.port(), secure));
    if (is_loopback(options.host))
        spdlog::info("only this machine may watch; --host and --public open it to others");
}

Awaitable<> App::Parts::wait_for_signal() {
    const auto [error, signal] = co_await signals.async_wait(as_result);
    if (error)
        co_return;
    spdlog::info("{}: ending; a second one ends at once", signal == SIGINT ? "SIGINT" : "SIGTERM");
    // From here on the second one needs no loop.
    signals.clear();
    std::signal(SIGINT, [](int) { ::_exit(130); });
    std::signal(SIGTERM, [](int) { ::_exit(143); });
    co_await shut_down();
}

Awaitable<> App::Parts::shut_down() {
    const auto begin = Clock::now();
    // 1. No newcomers.
    server->stop_accepting();
    // 2. Guests finish their part. Cameras stop meanwhile, and wake those who wait for a picture.
    server->leave();
    for (const auto& camera : cameras)
        camera->close();
    // 3. The empty room, for a bounded time; then without it.
    if (!co_await server->empty(begin + guests_may_stay)) {
        server->abort();
        in_good_order = co_await server->empty(begin + cameras_may_stay);
        if (!in_good_order)
            spdlog::error("{} connections do not end; ending without them", server->connections());
    }
    // 4. Cameras let go of their devices.
    for (const auto& camera : cameras) {
        if (!co_await camera->wait_closed(begin + cameras_may_stay)) {
            spdlog::error("camera {}: its driver does not stop; ending without it", camera->name());
            in_good_order = false;
        }
    }
    if (!in_good_order)
        loop.stop();
}

// Coroutines end by what they throw. A handler that finds no memory ends alone too: the others, and
// the viewers, go on.
void App::Parts::run_loop() {
    while (true) {
        try {
            loop.run();
            return;
        } catch (const std::bad_alloc&) {
            spdlog::error("out of memory; something was left undone for it");
        }
    }
}

App::App(const Options& options, const FindDriver& find_driver)
    : parts_(std::make_unique<Parts>(options, find_driver)) {
    memory_reserve::keep(reserved_memory);
}

App::~App() = default;

bool App::run() {
    asio::co_spawn(parts_->loop, parts_->wait_for_signal(), [this](std::exception_ptr failure) {
        parts_->failure = failure;
        if (failure)
            parts_->loop.stop();
    });
    parts_->run_loop();
    if (parts_->failure)
        std::rethrow_exception(parts_->failure);
    if (parts_->in_good_order)
        spdlog::info("ended");
    return parts_->in_good_order;
}

}  // namespace onlooker::app
