// The whole program: owns the loop, the cameras and the server, and the order in which they start
// and stop.
//
// Owner: main. Thread: the main one, which run() makes the loop.
#pragma once

#include <asio/basic_signal_set.hpp>
#include <asio/io_context.hpp>

#include <exception>
#include <memory>

#include "access/gatekeeper.hpp"
#include "app/options.hpp"
#include "app/reports.hpp"
#include "base/awaitable.hpp"
#include "endpoints/endpoints.hpp"
#include "http/router.hpp"
#include "http/server.hpp"
#include "variants/variants.hpp"

namespace onlooker::app {

class App {
  public:
    // Makes the cameras (opening none but those that are always on) and listens. Throws ConfigError
    // or std::runtime_error with words for the user.
    App(const Options& options, const FindDriver& find_driver);

    // Serves until SIGINT or SIGTERM. Returns true when everything has ended in good order; false
    // when a driver, or a peer, did not come back in time: its thread still runs, and only _exit()
    // ends the process without waiting for it.
    bool run();

  private:
    void log_start(const Options& options) const;
    Awaitable<> wait_for_signal();
    Awaitable<> note_harmless_signals();
    Awaitable<> shut_down();
    void run_loop();

    // One thread runs it; only capture threads and the workers of the variants post to it from
    // outside.
    asio::io_context loop_{1};
    endpoints::Cameras cameras_;
    variants::Variants variants_;
    std::unique_ptr<access::Gatekeeper> gatekeeper_;  // null: there are no users
    http::Router router_;
    std::unique_ptr<http::Server> server_;
    asio::basic_signal_set<Executor> signals_;           // those that end the program
    asio::basic_signal_set<Executor> harmless_signals_;  // those that would, if nobody caught them
    bool in_good_order_ = true;
    std::exception_ptr failure_;
};

}  // namespace onlooker::app
