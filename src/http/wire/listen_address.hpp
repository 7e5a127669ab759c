// Where a server listens, as its user says it: an address or a name and a port, a network interface
// and a port, or a unix socket. Plain values.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

namespace onlooker::http {

struct ListenAddress {
    enum class Place : std::uint8_t {
        host,       // `name` is an address, a host name, or else an interface of this machine
        interface,  // `name` is an interface, "wlan0": whatever addresses it has, or will have
        file,       // `name` is the path of a unix socket
    };
    enum class Security : std::uint8_t {
        as_configured,  // TLS where there is a certificate, but not on a unix socket
        plain,
        tls,
    };

    Place place = Place::host;
    std::string name = "127.0.0.1";
    std::uint16_t port = 5000;  // 0: any that is free
    mode_t mode = 0660;         // of a unix socket
    Security security = Security::as_configured;
    // Sockets that listen there already (inherited_sockets.hpp); the listener becomes their owner.
    // Empty: they are opened.
    std::vector<int> sockets{};

    bool is_tls(bool has_certificate) const noexcept {
        return security == Security::tls ||
               (security == Security::as_configured && has_certificate && place != Place::file);
    }

    bool operator==(const ListenAddress&) const = default;
};

}  // namespace onlooker::http
