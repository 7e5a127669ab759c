// Opens the sockets a server listens on. Thread: the loop, or before it runs.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/awaitable.hpp"
#include "http/wire/listen_address.hpp"
#include "http/wire/socket_file.hpp"

namespace onlooker::http {

// Listens on every address that `host` (an IP literal or a name, resolved now) stands for, on one
// port; port 0 means any that is free on all of them. "localhost" is 127.0.0.1 and ::1 whatever the
// resolver says (RFC 6761, section 6.3), since clients differ in which of them they try; "::" takes
// IPv4 too. An address that the machine does not have is left out while there is another. Throws
// std::runtime_error that says which address failed, why and what to do, if none of them, or not
// the port on each, can be had.
std::vector<TcpAcceptor> listen_on(const Executor& executor, const std::string& host,
                                   std::uint16_t port);

// On all addresses of a network interface, those that it gets later included. A connection of this
// machine to itself comes over another one, and is not taken.
std::vector<TcpAcceptor> listen_on_interface(const Executor& executor, const std::string& name,
                                             std::uint16_t port);

// A socket that is listened on.
struct Listener {
    TcpAcceptor acceptor;  // of a unix socket, too: Asio minds only its descriptor
    ListenAddress address{};
    bool secure = false;  // its connections begin with TLS
    bool is_unix = false;
    std::unique_ptr<SocketFile> file{};  // of a unix socket that was opened here

    // Of one over TCP.
    asio::ip::tcp::endpoint endpoint() const {
        asio::error_code ignored;
        return acceptor.local_endpoint(ignored);
    }
};

// As the user says it, on the sockets that are there already or else on new ones; throws as
// listen_on() does.
std::vector<Listener> listen(const Executor& executor, const ListenAddress& address, bool secure);

}  // namespace onlooker::http
