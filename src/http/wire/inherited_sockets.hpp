// Listening sockets that the program was started with: those that systemd listens on for it (socket
// activation), and those that it had asked systemd to keep when it ran before.
//
// They come as descriptors 3, 4, ... with LISTEN_PID, LISTEN_FDS and LISTEN_FDNAMES, as
// sd_listen_fds(3) has it; written out here for the same reason as app/notify_socket.hpp.
//
// Thread: main, before anything else opens descriptors. Errors: std::runtime_error in words.
#pragma once

#include <asio/ip/tcp.hpp>

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/unique_fd.hpp"

namespace onlooker::http {

struct InheritedSocket {
    UniqueFd fd;
    std::string name;  // FileDescriptorName= of the unit, or FDNAME= of what was kept
    std::optional<asio::ip::tcp::endpoint> address;  // none: a unix socket
};

// Takes those that are meant for the process `self`; they are not handed on to its children. Empty
// when there are none. Refuses what is no listening stream socket over IPv4, IPv6 or unix.
std::vector<InheritedSocket> take_inherited_sockets(
    const std::map<std::string, std::string>& environment, int self);

// The same rule for one descriptor. Its address, none for a unix socket.
std::optional<asio::ip::tcp::endpoint> listening_address(int fd);

}  // namespace onlooker::http
