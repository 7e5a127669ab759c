// What the service manager (systemd) is told: ready, reloading, stopping, a line of status, and
// that the program is alive.
//
//     ServiceManager manager(executor, ServiceManager::settings_from(environment), status, alive);
//     manager.ready();                 // it listens
//     manager.changed();               // the line of status may have changed
//     manager.reloading(); ... manager.ready();
//     manager.stopping();
//
// The line of status is asked for when something has changed, and told at most once a second and
// only where it differs: an idle server tells nothing and is not woken up for it.
//
// The watchdog is fed from a timer of the loop, so a loop that hangs feeds nobody; nor is it fed
// while `unwell` says what is wrong. Then the manager ends the program and starts it again.
//
// Owner: the App. Thread: the loop. Without a manager every call does nothing.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <span>
#include <string>

#include "app/notify_socket.hpp"
#include "app/options.hpp"
#include "base/awaitable.hpp"
#include "base/clock.hpp"
#include "base/lazy_timer.hpp"
#include "base/limited_log.hpp"

namespace onlooker::app {

class ServiceManager {
  public:
    struct Settings {
        std::string socket;  // as in $NOTIFY_SOCKET; empty: there is no manager
        // It wants a sign of life at least so often.
        std::optional<std::chrono::microseconds> watchdog;
        std::chrono::milliseconds status_at_most_every{1'000};
    };

    // From NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID, as sd_watchdog_enabled(3) reads them:
    // those of the process `self`, and not of a parent that left them behind.
    static Settings settings_from(const Environment& environment, int self);

    // `status`: one line, of anything but a line end. `unwell`: why the program should be started
    // again; empty while it is well.
    ServiceManager(const Executor& executor, const Settings& settings,
                   std::function<std::string()> status, std::function<std::string()> unwell);
    ServiceManager(const ServiceManager&) = delete;
    ServiceManager& operator=(const ServiceManager&) = delete;

    bool is_there() const noexcept { return socket_.is_open(); }

    // The program listens, or has taken its configuration up once more.
    void ready();
    void reloading();
    void stopping();
    void changed();

    // Listening sockets for the manager to keep and to give to the next process, under that name;
    // and those of that name it is no longer to keep.
    void keep(std::span<const int> descriptors, std::string_view name);
    void let_go(std::string_view name);

  private:
    void tell_status();
    void feed_watchdog();

    NotifySocket socket_;
    Settings settings_;
    std::function<std::string()> status_;
    std::function<std::string()> unwell_;
    std::string told_;
    SteadyTime told_at_{};
    bool is_ready_ = false;
    LimitedLog unfed_{{.at_once = 1, .interval = std::chrono::seconds(60)}};
    LazyTimer status_timer_;
    LazyTimer watchdog_timer_;
};

}  // namespace onlooker::app
