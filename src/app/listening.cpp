#include "app/listening.hpp"

#include <fmt/format.h>
#include <sys/socket.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "app/listen_values.hpp"
#include "base/text.hpp"

namespace onlooker::app {

namespace {

using http::InheritedSocket;
using http::ListenAddress;
using Place = ListenAddress::Place;

constexpr std::string_view kept_prefix = "onlooker-listens-";
constexpr std::size_t longest_name = 200;  // the manager takes 255

void check_agreed(const InheritedSocket& socket, const Options& options) {
    const bool may_be_reached = options.allow_public || !options.users.empty();
    if (may_be_reached || !socket.address || socket.address->address().is_loopback())
        return;
    throw ConfigError(fmt::format(
        "the socket {} ({}) that systemd listens on lets anyone on that network watch your "
        "cameras. If only those who log in are to watch, say --users FILE (onlooker user add NAME "
        "--users FILE makes it); if everybody may, say --public. If neither, write "
        "ListenStream=127.0.0.1:{} in the unit *.socket: then only this machine can watch",
        escaped(socket.name, 60), socket.address->address().to_string(), socket.address->port()));
}

ListenAddress address_of(const InheritedSocket& socket) {
    ListenAddress address;
    address.place = socket.address ? Place::host : Place::file;
    address.name = socket.address ? socket.address->address().to_string() : socket.name;
    address.port = socket.address ? socket.address->port() : 0;
    return address;
}

bool is_kept(const InheritedSocket& socket) {
    return socket.name.starts_with(kept_prefix);
}

// Null: they are kept for none of `addresses`.
ListenAddress* kept_for(const InheritedSocket& socket, std::vector<ListenAddress>& addresses) {
    const auto found = std::ranges::find_if(addresses, [&](const ListenAddress& address) {
        return can_be_kept(address) && kept_name(address) == socket.name;
    });
    return found == addresses.end() ? nullptr : &*found;
}

}  // namespace

bool can_be_kept(const ListenAddress& address) noexcept {
    return address.place != Place::file;
}

std::string kept_name(const ListenAddress& address) {
    ListenAddress place = address;
    place.security = ListenAddress::Security::as_configured;
    std::string name = fmt::format("{}{}", kept_prefix, escaped(show_listen(place), longest_name));
    std::ranges::replace(name, ':', '.');
    return name;
}

Listening choose_listening(std::vector<InheritedSocket> inherited, const Options& options) {
    Listening listening;
    listening.is_activated = !std::ranges::all_of(inherited, is_kept);
    if (!listening.is_activated)
        listening.addresses = options.listen_addresses();
    for (InheritedSocket& socket : inherited) {
        ListenAddress* address = nullptr;
        if (!is_kept(socket)) {
            check_agreed(socket, options);
            address = &listening.addresses.emplace_back(address_of(socket));
        } else if (!listening.is_activated) {
            address = kept_for(socket, listening.addresses);
        }
        if (address != nullptr) {
            address->sockets.push_back(socket.fd.release());
            continue;
        }
        // The manager has it open for a while yet, and where one listens no other can.
        ::shutdown(socket.fd.get(), SHUT_RDWR);
        if (std::ranges::find(listening.stale, socket.name) == listening.stale.end())
            listening.stale.push_back(socket.name);
    }
    return listening;
}

}  // namespace onlooker::app
