// On which sockets the program listens when it was started with some (inherited_sockets.hpp): those
// of a unit *.socket come before --host, --port and --listen; those that it had asked the service
// manager to keep take their place only where they are for the same address, and listen no more
// elsewhere: 0.0.0.0 is refused to whoever comes while 127.0.0.1 is listened on.
//
// Thread: main. Errors: ConfigError.
#pragma once

#include <string>
#include <vector>

#include "app/options.hpp"
#include "http/wire/inherited_sockets.hpp"
#include "http/wire/listen_address.hpp"

namespace onlooker::app {

struct Listening {
    std::vector<http::ListenAddress> addresses;  // with the sockets that are there already
    bool is_activated = false;                   // by a unit *.socket, which keeps them itself
    std::vector<std::string> stale;              // names of kept sockets that are of no use now
};

// Under which name the manager keeps the sockets of an address, with TLS or without: what
// sd_pid_notify_with_fds(3) allows in FDNAME=, so without ':'.
std::string kept_name(const http::ListenAddress& address);

// A unix socket of our own is not kept, since its file goes with the process that made it.
bool can_be_kept(const http::ListenAddress& address) noexcept;

// The descriptors belong to whoever listens at the addresses from here on. Refuses sockets that
// other machines reach, as --host does, unless there are users, or the user agreed (--public).
Listening choose_listening(std::vector<http::InheritedSocket> inherited, const Options& options);

}  // namespace onlooker::app
