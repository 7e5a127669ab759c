// The whole program: owns the loop, the cameras and the server, and the order in which they start
// and stop.
//
// Owner: main. Thread: the main one, which run() makes the loop.
#pragma once

#include <asio/basic_signal_set.hpp>
#include <asio/io_context.hpp>

#include <exception>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "access/gatekeeper.hpp"
#include "api/api.hpp"
#include "app/camera_set.hpp"
#include "app/listening.hpp"
#include "app/options.hpp"
#include "app/reports.hpp"
#include "app/service_manager.hpp"
#include "app/state_file.hpp"
#include "base/awaitable.hpp"
#include "clips/muxer_loader.hpp"
#include "clips/pre_rolls.hpp"
#include "endpoints/endpoints.hpp"
#include "endpoints/viewer_count.hpp"
#include "http/router.hpp"
#include "http/server.hpp"
#include "http/wire/inherited_sockets.hpp"
#include "variants/variants.hpp"

namespace onlooker::app {

// What the program was started with beside its options.
struct Surroundings {
    Environment environment;
    std::vector<http::InheritedSocket> sockets;
    // Reads all sources of the options again; throws as load_options().
    std::function<Options()> load;
    // Where modules are that are opened when they are first needed.
    std::vector<std::filesystem::path> module_folders{};
};

class App {
  public:
    // Makes the cameras (opening none but those that are always on) and listens. Throws ConfigError
    // or std::runtime_error with words for the user.
    App(const Options& options, const FindDriver& find_driver, Surroundings surroundings);

    // Serves until SIGINT or SIGTERM. Returns true when everything has ended in good order; false
    // when a driver, or a peer, did not come back in time: its thread still runs, and only _exit()
    // ends the process without waiting for it.
    bool run();

  private:
    void listen();
    api::Settings api_settings() const;
    void log_start() const;
    void keep_sockets();
    std::string status() const;
    std::string unwell() const;
    Awaitable<> wait_for_signal();
    Awaitable<> note_harmless_signals();
    Awaitable<> reload();
    Awaitable<> take_up(Options next);
    Awaitable<> wait_until_idle();
    void end(const std::string& why);
    Awaitable<> shut_down();
    void run_loop();

    Options options_;        // in force, as far as they can change
    const Options started_;  // those that only a restart changes are these
    FindDriver find_driver_;
    Surroundings surroundings_;

    // One thread runs it; only capture threads and the workers of the variants post to it from
    // outside.
    asio::io_context loop_{1};
    ServiceManager manager_;
    std::unique_ptr<StateFile> state_file_;  // null: nothing is kept over a restart
    CameraSet cameras_;
    clips::PreRolls pre_rolls_;
    variants::Variants variants_;
    clips::MuxerLoader clip_muxers_;
    std::optional<api::EventHub> events_;
    std::unique_ptr<access::Gatekeeper> gatekeeper_;  // null: there are no users
    http::Router router_;
    endpoints::EndpointSettings endpoint_settings_;
    endpoints::Refresh refresh_endpoints_;
    Listening listening_;
    std::unique_ptr<http::Server> server_;
    asio::basic_signal_set<Executor> signals_;           // those that end the program
    asio::basic_signal_set<Executor> harmless_signals_;  // those that would, if nobody caught them
    Timer idle_;                                         // until the next look at whether it is
    bool ending_ = false;
    bool in_good_order_ = true;
    std::exception_ptr failure_;
};

}  // namespace onlooker::app
