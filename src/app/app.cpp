#include "app/app.hpp"

#include <unistd.h>

#include <asio/co_spawn.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <new>
#include <string>
#include <utility>

#include "app/build_config.hpp"
#include "app/privileges.hpp"
#include "app/wiring.hpp"
#include "base/limited_log.hpp"
#include "base/logging.hpp"
#include "base/memory_reserve.hpp"
#include "base/random.hpp"
#include "base/running_clock.hpp"
#include "base/text.hpp"
#include "clips/clip_routes.hpp"
#include "endpoints/login.hpp"
#include "http/machine_names.hpp"
#include "http/trusted_proxies.hpp"
#include "http/wire/self_signed.hpp"
#include "wall/wall_routes.hpp"

namespace onlooker::app {

namespace {

// How long after the first signal connections, and then cameras, may take to end. A supervisor, or
// a person at a terminal, waits for two seconds; the rest is for the log, which takes up to 0.4 s
// when nobody reads it.
constexpr auto connections_may_take = std::chrono::milliseconds(1'000);
constexpr auto cameras_may_take = std::chrono::milliseconds(1'500);

// What a few thousand viewers need to wait once or twice; it takes address space only.
constexpr std::size_t reserved_memory = std::size_t{2} * 1024 * 1024;

// Nobody has asked for an end when idle.
constexpr auto never_looked_at = std::chrono::hours(24);

std::string random_name() {
    return fmt::format("{:016x}", random_bits());
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
    logging::info(
        "HTTPS with a certificate of our own, {} {}; a browser warns of it until you tell it to "
        "believe it, if it shows this SHA-256 fingerprint: {}",
        made.is_new ? "made just now in" : "kept in", options.tls_certificate, made.fingerprint);
}

}  // namespace

App::App(const Options& options, const FindDriver& find_driver, Surroundings surroundings)
    : options_(options),
      started_(options),
      find_driver_(find_driver),
      surroundings_(std::move(surroundings)),
      manager_(
          loop_.get_executor(),
          ServiceManager::settings_from(surroundings_.environment, ::getpid()),
          [this] { return status(); }, [this] { return unwell(); }),
      cameras_(loop_.get_executor(), find_driver, [this] { manager_.changed(); }),
      variants_(loop_.get_executor(), variant_settings(options)),
      clip_muxers_(loop_.get_executor(), surroundings_.module_folders),
      gatekeeper_(make_gatekeeper(loop_.get_executor(), options)),
      router_(cors(options), gatekeeper_ ? gatekeeper_->gate() : http::open_gate,
              host_names(options, http::names_of_this_machine())),
      endpoint_settings_(endpoint_settings(options, random_name())),
      signals_(loop_.get_executor(), SIGINT, SIGTERM),
      harmless_signals_(loop_.get_executor(), SIGHUP, SIGUSR1, SIGUSR2),
      idle_(loop_.get_executor()) {
    harmless_signals_.add(SIGALRM);
    router_.believe(http::TrustedProxies(options.trusted_proxies));
    make_certificate(options);
    // 1. Descriptors and addresses, so that what is wrong outside is found before a camera opens.
    listen();
    // 2. What only root could do is done.
    give_up_root(options.user);
    give_up_new_privileges();
    // 3. Cameras, as users have left them. The file is that of the user who goes on.
    if (!options.state_file.empty())
        state_file_ = std::make_unique<StateFile>(loop_.get_executor(),
                                                  StateFile::Settings{.file = options.state_file});
    cameras_.make(options, state_file_.get());
    // 4. Routes to them.
    events_.emplace(loop_.get_executor(), cameras_.all(),
                    api::EventHub::Settings{.viewers = [this](const camera::Camera& camera) {
                        return api::viewers_of(camera, variants_);
                    }});
    endpoint_settings_.stream.viewers->on_change([this] {
        events_->viewers_changed();
        if (manager_.is_there())
            manager_.changed();
    });
    refresh_endpoints_ = endpoints::add_endpoints(router_, loop_.get_executor(), cameras_.all(),
                                                  variants_, endpoint_settings_);
    wall::add_wall(router_, loop_.get_executor(), cameras_.all(), variants_,
                   endpoint_settings_.stream);
    pre_rolls_.follow(cameras_.all(), pre_roll_settings(options));
    clips::add_clips(router_, loop_.get_executor(),
                     {.cameras = cameras_.all(),
                      .variants = variants_,
                      .settings = endpoint_settings_,
                      .loader = clip_muxers_,
                      .pre_rolls = pre_rolls_});
    if (gatekeeper_)
        endpoints::add_login(router_, *gatekeeper_, cameras_.all());
    api::add_api(router_, cameras_.all(), variants_, *events_, api_settings());
    // 5. Connections.
    server_->start();
    log_start();
    keep_sockets();
    memory_reserve::keep(reserved_memory);
}

api::Settings App::api_settings() const {
    return {.version = endpoint_settings_.version,
            .instance_id = endpoint_settings_.instance_id,
            .viewers = endpoint_settings_.stream.viewers,
            .most_variants = options_.max_variants,
            .load =
                [this] {
                    return api::Load{.connections = server_->connections(),
                                     .most_connections = server_->max_connections(),
                                     .admitted = server_->admitted(),
                                     .turned_away = server_->turned_away()};
                },
            .has_users = gatekeeper_ != nullptr,
            .clip_formats = clip_muxers_.formats()};
}

void App::listen() {
    listening_ = choose_listening(std::move(surroundings_.sockets), options_);
    http::ServerSettings settings = server_settings(options_);
    settings.listen = listening_.addresses;
    server_ = std::make_unique<http::Server>(loop_, router_, settings);
}

Awaitable<> App::wait_for_signal() {
    const auto [error, signal] = co_await signals_.async_wait(as_result);
    if (error)
        co_return;
    end(fmt::format("{}: ending; a second one ends at once",
                    signal == SIGINT ? "SIGINT" : "SIGTERM"));
    co_await shut_down();
}

void App::end(const std::string& why) {
    ending_ = true;
    logging::info("{}", why);
    manager_.stopping();
    idle_.cancel();
    // From here on a second signal ends the process even if the loop hangs.
    signals_.clear();
    signals_.cancel();
    std::signal(SIGINT, [](int) { ::_exit(130); });
    std::signal(SIGTERM, [](int) { ::_exit(143); });
    // These stay caught: a closing terminal sends more than one.
    harmless_signals_.cancel();
}

// What ends other programs, or tells them to read their configuration again.
Awaitable<> App::note_harmless_signals() {
    LimitedLog log;
    while (!ending_) {
        const auto [error, signal] = co_await harmless_signals_.async_wait(as_result);
        if (error)
            co_return;
        if (signal == SIGHUP)
            co_await reload();
        else
            log.write(spdlog::level::info, "signal {}: it has no meaning here; going on", signal);
    }
}

// Only where systemd's socket starts the next process: otherwise nobody would.
Awaitable<> App::wait_until_idle() {
    constexpr int looks = 4;  // in the time that is given; it ends up to one look later
    std::uint64_t seen = server_->admitted();
    int quiet = 0;
    while (!ending_) {
        const auto idle_time = options_.exit_idle;
        // It may be asked for later, by SIGHUP.
        idle_.expires_after(idle_time.count() > 0 ? idle_time / looks : never_looked_at);
        co_await idle_.async_wait(as_result);
        const bool is_quiet = server_->connections() == 0 && server_->admitted() == seen;
        seen = server_->admitted();
        quiet =
            is_quiet && idle_time.count() > 0 && idle_time == options_.exit_idle ? quiet + 1 : 0;
        if (ending_ || quiet < looks)
            continue;
        end(fmt::format("nobody has come for {:g} s: ending until somebody does",
                        std::chrono::duration<double>(idle_time).count()));
        co_await shut_down();
    }
}

Awaitable<> App::shut_down() {
    const auto begin = RunningClock::now();
    // 1. No new connections.
    server_->stop_accepting();
    // 2. Streams finish their current part. Cameras stop meanwhile, and wake waiting viewers.
    server_->leave();
    events_->close();
    pre_rolls_.close();
    cameras_.close();
    variants_.close();
    if (gatekeeper_)
        gatekeeper_->close();
    if (state_file_)
        state_file_->close();
    // 3. Wait for the connections to end; after the time limit cut them off.
    if (!co_await server_->wait_empty(begin + connections_may_take)) {
        server_->abort();
        in_good_order_ = co_await server_->wait_empty(begin + cameras_may_take);
        if (!in_good_order_)
            logging::error("{} connections do not end; ending without them",
                           server_->connections());
    }
    // 4. Wait for the workers to finish the picture they are at, and for the cameras to close their
    // devices.
    if (!co_await variants_.wait_closed(begin + cameras_may_take)) {
        logging::error("a variant's picture is still being made; ending without it");
        in_good_order_ = false;
    }
    if (!co_await cameras_.wait_closed(begin + cameras_may_take))
        in_good_order_ = false;
    if (state_file_ && !co_await state_file_->wait_closed(begin + cameras_may_take)) {
        logging::error("{} is still being written; ending without it",
                       escaped(options_.state_file.string()));
        in_good_order_ = false;
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
    if (listening_.is_activated)
        asio::co_spawn(loop_, wait_until_idle(), on_end);
    if (manager_.is_there())
        cameras_.begin_to_tell();
    manager_.ready();
    run_loop();
    if (failure_)
        std::rethrow_exception(failure_);
    if (in_good_order_)
        logging::info("ended");
    return in_good_order_;
}

}  // namespace onlooker::app
