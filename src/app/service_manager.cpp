#include "app/service_manager.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <cstdint>
#include <ctime>
#include <utility>

#include "base/running_clock.hpp"
#include "base/text.hpp"

namespace onlooker::app {

namespace {

std::string value_of(const Environment& environment, const char* name) {
    const auto found = environment.find(name);
    return found == environment.end() ? std::string() : found->second;
}

// Of CLOCK_MONOTONIC, as sd_notify(3) wants it beside RELOADING=1.
std::uint64_t monotonic_microseconds() {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000 +
           static_cast<std::uint64_t>(now.tv_nsec) / 1'000;
}

}  // namespace

ServiceManager::Settings ServiceManager::settings_from(const Environment& environment, int self) {
    Settings settings;
    settings.socket = value_of(environment, "NOTIFY_SOCKET");
    const std::string pid = value_of(environment, "WATCHDOG_PID");
    const auto microseconds = parse_number<std::int64_t>(value_of(environment, "WATCHDOG_USEC"));
    const bool is_ours = pid.empty() || pid == fmt::format("{}", self);
    if (is_ours && microseconds && *microseconds > 0)
        settings.watchdog = std::chrono::microseconds(*microseconds);
    return settings;
}

ServiceManager::ServiceManager(const Executor& executor, const Settings& settings,
                               std::function<std::string()> status,
                               std::function<std::string()> unwell)
    : socket_(settings.socket),
      settings_(settings),
      status_(std::move(status)),
      unwell_(std::move(unwell)),
      status_timer_(executor, [this] { tell_status(); }),
      watchdog_timer_(executor, [this] { feed_watchdog(); }) {}

void ServiceManager::ready() {
    if (!is_there())
        return;
    told_ = status_();
    told_at_ = RunningClock::now();
    socket_.send("READY=1\nSTATUS=" + told_);
    if (!std::exchange(is_ready_, true))
        feed_watchdog();
}

void ServiceManager::reloading() {
    socket_.send(fmt::format("RELOADING=1\nMONOTONIC_USEC={}\nSTATUS=Reading the configuration",
                             monotonic_microseconds()));
}

void ServiceManager::stopping() {
    is_ready_ = false;
    status_timer_.set(std::nullopt);
    // From here on the manager's own time limit counts (TimeoutStopSec=).
    watchdog_timer_.set(std::nullopt);
    socket_.send("STOPPING=1\nSTATUS=Ending");
}

void ServiceManager::changed() {
    if (is_there() && is_ready_)
        status_timer_.set(told_at_ + settings_.status_at_most_every);
}

void ServiceManager::tell_status() {
    if (!is_ready_)
        return;
    // A lazy timer may call early.
    if (RunningClock::now() < told_at_ + settings_.status_at_most_every)
        return changed();
    std::string line = status_();
    if (line == told_)
        return;
    told_ = std::move(line);
    told_at_ = RunningClock::now();
    socket_.send("STATUS=" + told_);
}

void ServiceManager::keep(std::span<const int> descriptors, std::string_view name) {
    // Without FDPOLL=0 the manager would watch them for an end that a listening socket has not.
    socket_.send(fmt::format("FDSTORE=1\nFDPOLL=0\nFDNAME={}", name), descriptors);
}

void ServiceManager::let_go(std::string_view name) {
    socket_.send(fmt::format("FDSTOREREMOVE=1\nFDNAME={}", name));
}

// Twice as often as it is asked for, as sd_watchdog_enabled(3) advises.
void ServiceManager::feed_watchdog() {
    if (!is_there() || !settings_.watchdog)
        return;
    if (const std::string wrong = unwell_(); wrong.empty())
        socket_.send("WATCHDOG=1");
    else
        unfed_.write(spdlog::level::err,
                     "{}; the watchdog is not told that all is well, so that the service manager "
                     "starts this program again",
                     wrong);
    watchdog_timer_.set(RunningClock::now() + *settings_.watchdog / 2);
}

}  // namespace onlooker::app
