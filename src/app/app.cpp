#include "app/app.hpp"

#include <unistd.h>

#include <asio/co_spawn.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <exception>
#include <new>
#include <string>
#include <utility>
#include <vector>

#include "app/build_config.hpp"
#include "app/wiring.hpp"
#include "base/limited_log.hpp"
#include "base/memory_reserve.hpp"
#include "base/random.hpp"
#include "base/running_clock.hpp"
#include "base/text.hpp"
#include "camera/camera.hpp"
#include "endpoints/login.hpp"
#include "http/machine_names.hpp"
#include "http/wire/self_signed.hpp"

namespace onlooker::app {

namespace {

// How long after the first signal connections, and then cameras, may take to end. A supervisor, or
// a person at a terminal, waits for two seconds; the rest is for the log, which takes up to 0.4 s
// when nobody reads it.
constexpr auto connections_may_take = std::chrono::milliseconds(1'000);
constexpr auto cameras_may_take = std::chrono::milliseconds(1'500);

// What a few thousand viewers need to wait once or twice; it takes address space only.
constexpr std::size_t reserved_memory = std::size_t{2} * 1024 * 1024;

std::string random_name() {
    return fmt::format("{:016x}", random_bits());
}

void tell_users(const access::Gatekeeper& gatekeeper) {
    const access::Directory& directory = gatekeeper.directory();
    if (!directory.has_users() && directory.tokens().empty())
        spdlog::warn("{} has no users yet, so nobody may look: onlooker user add NAME --users {}",
                     escaped(directory.path()), escaped(directory.path()));
}

std::unique_ptr<access::Gatekeeper> make_gatekeeper(Executor executor, const Options& options) {
    if (options.users.empty())
        return nullptr;
    return std::make_unique<access::Gatekeeper>(executor, gatekeeper_settings(options));
}

// Before the server reads it.
void make_certificate(const Options& options) {
    if (!options.tls_self_signed)
        return;
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    const auto names = certificate_names(options, http::names_of_this_machine(),
                                         http::addresses_of_this_machine());
    const auto made = http::keep_self_signed(options.tls_certificate, names, now);
    spdlog::info(
        "HTTPS with a certificate of our own, {} {}; a browser warns of it until you tell it to "
        "believe it, if it shows this SHA-256 fingerprint: {}",
        made.is_new ? "made just now in" : "kept in", options.tls_certificate, made.fingerprint);
}

}  // namespace

App::App(const Options& options, const FindDriver& find_driver)
    : variants_(loop_.get_executor(), variant_settings(options)),
      gatekeeper_(make_gatekeeper(loop_.get_executor(), options)),
      router_(cors(options), gatekeeper_ ? gatekeeper_->gate() : http::open_gate,
              host_names(options, http::names_of_this_machine())),
      signals_(loop_.get_executor(), SIGINT, SIGTERM),
      harmless_signals_(loop_.get_executor(), SIGHUP, SIGUSR1, SIGUSR2) {
    harmless_signals_.add(SIGALRM);
    router_.believe(http::TrustedProxies(options.trusted_proxies));
    make_certificate(options);
    // 1. Descriptors and addresses, so that what is wrong outside is found before a camera opens.
    server_ = std::make_unique<http::Server>(loop_, router_, server_settings(options));
    // 2. Cameras.
    for (const CameraOption& camera : options.cameras) {
        const camera::DriverEntry driver = find_driver(camera.driver);
        cameras_.push_back(std::make_unique<camera::Camera>(
            loop_.get_executor(), camera_settings(options, camera, driver),
            driver_factory(camera, driver)));
    }
    // 3. Routes to them.
    endpoints::add_endpoints(router_, loop_.get_executor(), cameras_, variants_,
                             endpoint_settings(options, random_name()));
    if (gatekeeper_)
        endpoints::add_login(router_, *gatekeeper_, cameras_);
    // 4. Connections.
    server_->start();
    log_start(options);
    memory_reserve::keep(reserved_memory);
}

void App::log_start(const Options& options) const {
    for (const auto& camera : cameras_)
        spdlog::info("camera {}: {}{}", camera->name(), camera->settings().device,
                     camera->settings().supervision.always_on ? ", always on"
                                                              : ", opens with its first viewer");
    std::vector<std::string> places = page_addresses(server_->endpoints(true), true);
    for (std::string& address : page_addresses(server_->endpoints(false), false))
        places.push_back(std::move(address));
    for (const std::string& path : server_->socket_files())
        places.push_back("unix:" + path);
    for (const std::string& place : places)
        spdlog::info("onlooker {} shows {} camera{} at {}", build_config::version, cameras_.size(),
                     cameras_.size() == 1 ? "" : "s", place);
    const auto addresses = options.listen_addresses();
    if (gatekeeper_)
        tell_users(*gatekeeper_);
    else if (std::ranges::all_of(addresses,
                                 [](const auto& address) { return is_loopback(address); }))
        spdlog::info(
            "only this machine may watch; --host and --users FILE open it to those who log "
            "in, --host and --public to everybody");
}

Awaitable<> App::wait_for_signal() {
    const auto [error, signal] = co_await signals_.async_wait(as_result);
    if (error)
        co_return;
    spdlog::info("{}: ending; a second one ends at once", signal == SIGINT ? "SIGINT" : "SIGTERM");
    // From here on a second signal ends the process even if the loop hangs.
    signals_.clear();
    std::signal(SIGINT, [](int) { ::_exit(130); });
    std::signal(SIGTERM, [](int) { ::_exit(143); });
    // These stay caught: a closing terminal sends more than one.
    harmless_signals_.cancel();
    co_await shut_down();
}

// What ends other programs, or tells them to read their configuration again.
Awaitable<> App::note_harmless_signals() {
    LimitedLog log;
    while (true) {
        const auto [error, signal] = co_await harmless_signals_.async_wait(as_result);
        if (error)
            co_return;
        if (signal == SIGHUP) {
            log.write(spdlog::level::info,
                      "SIGHUP: going on; a certificate and users are read again, and what was "
                      "changed in options or their file takes a restart");
            if (server_->certificate())
                server_->certificate()->reload();
            if (gatekeeper_)
                gatekeeper_->reload();
        } else {
            log.write(spdlog::level::info, "signal {}: it has no meaning here; going on", signal);
        }
    }
}

Awaitable<> App::shut_down() {
    const auto begin = RunningClock::now();
    // 1. No new connections.
    server_->stop_accepting();
    // 2. Streams finish their current part. Cameras stop meanwhile, and wake waiting viewers.
    server_->leave();
    for (const auto& camera : cameras_)
        camera->close();
    variants_.close();
    if (gatekeeper_)
        gatekeeper_->close();
    // 3. Wait for the connections to end; after the time limit cut them off.
    if (!co_await server_->wait_empty(begin + connections_may_take)) {
        server_->abort();
        in_good_order_ = co_await server_->wait_empty(begin + cameras_may_take);
        if (!in_good_order_)
            spdlog::error("{} connections do not end; ending without them", server_->connections());
    }
    // 4. Wait for the workers to finish the picture they are at, and for the cameras to close their
    // devices.
    if (!co_await variants_.wait_closed(begin + cameras_may_take)) {
        spdlog::error("a variant's picture is still being made; ending without it");
        in_good_order_ = false;
    }
    for (const auto& camera : cameras_) {
        if (!co_await camera->wait_closed(begin + cameras_may_take)) {
            spdlog::error("camera {}: its driver does not stop; ending without it", camera->name());
            in_good_order_ = false;
        }
    }
    if (!in_good_order_)
        loop_.stop();
}

// An exception ends only the coroutine that throws it. So does a lack of memory in a handler: the
// others, and the viewers, go on.
void App::run_loop() {
    LimitedLog log;
    while (true) {
        try {
            loop_.run();
            return;
        } catch (const std::bad_alloc&) {
            log.write(spdlog::level::err, "out of memory; something was left undone for it");
        }
    }
}

bool App::run() {
    const auto on_end = [this](std::exception_ptr failure) {
        if (!failure)
            return;
        failure_ = failure;
        loop_.stop();
    };
    asio::co_spawn(loop_, wait_for_signal(), on_end);
    asio::co_spawn(loop_, note_harmless_signals(), on_end);
    run_loop();
    if (failure_)
        std::rethrow_exception(failure_);
    if (in_good_order_)
        spdlog::info("ended");
    return in_good_order_;
}

}  // namespace onlooker::app
