// The whole program: owns the loop, the cameras and the server, and the order in which they start
// and stop.
//
// Thread: the main one, which run() makes the loop.
#pragma once

#include <memory>

#include "app/options.hpp"
#include "app/reports.hpp"

namespace onlooker::app {

class App {
  public:
    // Makes the cameras (opening none but those that are always on) and listens. Throws ConfigError
    // or std::runtime_error with words for the user.
    App(const Options& options, const FindDriver& find_driver);
    App(const App&) = delete;
    App& operator=(const App&) = delete;
    ~App();

    // Serves until SIGINT or SIGTERM. Returns true when everything has ended in good order; false
    // when a driver, or a peer, did not come back in time: its thread still runs, and only _exit()
    // ends the process without waiting for it.
    bool run();

  private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace onlooker::app
