// How the App takes its configuration up once more while it runs (SIGHUP).
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <exception>
#include <filesystem>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "app/app.hpp"
#include "app/log.hpp"
#include "app/reload.hpp"
#include "app/wiring.hpp"
#include "base/logging.hpp"
#include "base/text.hpp"

namespace onlooker::app {

namespace {

// What stood in a pipe is gone, and the loop would wait for more.
void check_readable_again(const std::filesystem::path& file) {
    std::error_code missing;
    if (!file.empty() && std::filesystem::exists(file, missing) &&
        !std::filesystem::is_regular_file(file, missing))
        throw ConfigError(fmt::format(
            "{} can be read only once, for it is no ordinary file; keep the configuration in one",
            escaped(file.string())));
}

}  // namespace

// All or nothing of what the user wrote: a file with a mistake changes nothing.
Awaitable<> App::reload() {
    manager_.reloading();
    try {
        check_readable_again(options_.config_file);
        Options next = surroundings_.load();
        check_cameras(next, find_driver_);
        for (const std::string& warning : next.warnings)
            logging::warn("{}", warning);
        co_await take_up(std::move(next));
    } catch (const std::exception& error) {
        logging::error("SIGHUP: everything stays as it was: {}", error.what());
    }
    // These say themselves what is wrong with their files, and keep what they had.
    if (server_->certificate() != nullptr)
        server_->certificate()->reload();
    if (gatekeeper_)
        gatekeeper_->reload();
    if (!ending_)
        manager_.ready();
}

Awaitable<> App::take_up(Options next) {
    for (const std::string_view name : changed_settings(started_, next, Effect::after_restart))
        logging::warn("SIGHUP: {} was changed, which takes a restart", name);
    auto changed = changed_settings(options_, next, Effect::at_once);
    const auto on_cameras = changed_settings(options_, next, Effect::on_cameras);
    changed.insert(changed.end(), on_cameras.begin(), on_cameras.end());
    if (changed.empty())
        logging::info(
            "SIGHUP: the configuration was read again; no option has changed that can "
            "change now");
    else
        logging::info("SIGHUP: the configuration was read again; changed: {}",
                      fmt::join(changed, ", "));
    const Options before = std::exchange(options_, std::move(next));
    set_log_level(options_.log_level);
    server_->change(server_settings(options_));
    idle_.cancel();
    co_await cameras_.change(before, options_, variants_);
    if (!ending_)
        pre_rolls_.follow(cameras_.all(), pre_roll_settings(options_));
    endpoint_settings_.stream.no_progress_limit = options_.deadlines.no_progress;
    endpoint_settings_.stream.viewers->allow(viewer_limits(options_));
    endpoint_settings_.prefix = options_.prefix;
    refresh_endpoints_(endpoint_settings_);
    events_->refresh(std::vector<std::string>(changed.begin(), changed.end()));
}

}  // namespace onlooker::app
