// What the App tells of itself: in the log when it starts, and to the service manager.
#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "app/app.hpp"
#include "app/build_config.hpp"
#include "app/capacity.hpp"
#include "app/privileges.hpp"
#include "base/logging.hpp"
#include "base/memory_room.hpp"
#include "base/text.hpp"
#include "camera/camera.hpp"

namespace onlooker::app {

namespace {

void tell_users(const access::Gatekeeper& gatekeeper) {
    const access::Directory& directory = gatekeeper.directory();
    if (!directory.has_users() && directory.tokens().empty())
        logging::warn("{} has no users yet, so nobody may look: onlooker user add NAME --users {}",
                      escaped(directory.path()), escaped(directory.path()));
}

// What root has read at the start may be closed to the user whom the program became.
void tell_unreadable_files(const Options& options) {
    std::vector<std::string> read_again{options.config_file.string(), options.users};
    // Nobody changes the pair that we keep ourselves.
    if (!options.tls_self_signed)
        read_again.insert(read_again.end(), {options.tls_certificate, options.tls_key});
    for (const std::string& file : read_again)
        if (const std::string words = unreadable_words(file); !words.empty())
            logging::warn("{}", words);
}

std::string how_many(std::size_t count, std::string_view thing) {
    return fmt::format("{} {}{}", count, thing, count == 1 ? "" : "s");
}

std::string place_of(const http::Listener& listener) {
    return listener.is_unix ? "unix:" + listener.address.name
                            : page_address("%" + listener.address.name, listener.endpoint().port(),
                                           listener.secure);
}

// Those with TLS first.
std::vector<std::string> places_of(const http::Server& server) {
    using Place = http::ListenAddress::Place;
    std::vector<std::string> places;
    for (const bool secure : {true, false}) {
        std::vector<asio::ip::tcp::endpoint> endpoints;
        for (const http::Listener* const listener : server.listeners()) {
            if (listener->secure != secure)
                continue;
            if (listener->is_unix || listener->address.place == Place::interface)
                places.push_back(place_of(*listener));
            else
                endpoints.push_back(listener->endpoint());
        }
        std::ranges::copy(page_addresses(endpoints, secure), std::back_inserter(places));
    }
    return places;
}

bool only_this_machine_reaches(const http::Server& server) {
    return std::ranges::all_of(server.endpoints(),
                               [](const auto& each) { return each.address().is_loopback(); });
}

}  // namespace

void App::log_start() const {
    for (const auto& camera : cameras_.all())
        logging::info("camera {}: {}{}", camera->name(), camera->settings().device,
                      camera->settings().supervision.always_on ? ", always on"
                                                               : ", opens with its first viewer");
    for (const std::string& place : places_of(*server_))
        logging::info("onlooker {} shows {} at {}", build_config::version,
                      how_many(cameras_.all().size(), "camera"), place);
    logging::info("{}", capacity_text({.connections = server_->max_connections(),
                                       .descriptors = server_->descriptors(),
                                       .memory = memory_room(),
                                       .max_viewers = options_.limits.viewers}));
    if (gatekeeper_)
        tell_users(*gatekeeper_);
    else if (only_this_machine_reaches(*server_))
        logging::info(
            "only this machine may watch; --host and --users FILE open it to those who log "
            "in, --host and --public to everybody");
    tell_unreadable_files(options_);
    if (options_.exit_idle.count() > 0 && !listening_.is_activated)
        logging::warn(
            "--exit-idle has no effect: no unit *.socket of systemd's listens for this "
            "program, so nobody would start it again");
}

// So that those who connect while the next process starts wait for it, and are not refused.
void App::keep_sockets() {
    for (const std::string& name : listening_.stale)
        manager_.let_go(name);
    if (listening_.is_activated || !manager_.is_there())
        return;
    for (const http::ListenAddress& address : listening_.addresses)
        if (can_be_kept(address))
            manager_.keep(server_->sockets(address), kept_name(address));
}

std::string App::status() const {
    std::size_t live = 0;
    std::size_t faulted = 0;
    for (const auto& camera : cameras_.all()) {
        live += camera->live() ? 1 : 0;
        faulted += camera->fault() ? 1 : 0;
    }
    return fmt::format("{}, {} live{}; {}", how_many(cameras_.all().size(), "camera"), live,
                       faulted > 0 ? fmt::format(", {} in fault", faulted) : "",
                       how_many(endpoint_settings_.stream.viewers->now(), "viewer"));
}

std::string App::unwell() const {
    for (const auto& camera : cameras_.all())
        if (camera->given_up())
            return fmt::format("camera {}: its driver hangs, and so did those before it",
                               camera->name());
    return {};
}

}  // namespace onlooker::app
