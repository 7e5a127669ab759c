// Who a peer is, for limits and logs, when it may have come over a unix socket.
//
// Such a peer has no address. It is on this machine, so it counts as 127.0.0.1, with port 0, which
// no peer over TCP has.
//
// Pure. Thread: any.
#pragma once

#include <asio/ip/address_v4.hpp>
#include <asio/ip/tcp.hpp>

#include <string>

namespace onlooker::http {

inline asio::ip::tcp::endpoint peer_of_unix_socket() {
    return {asio::ip::address_v4::loopback(), 0};
}

inline bool came_over_unix_socket(const asio::ip::tcp::endpoint& peer) noexcept {
    return peer.port() == 0;
}

// "192.0.2.7", or "unix".
inline std::string peer_name(const asio::ip::tcp::endpoint& peer) {
    return came_over_unix_socket(peer) ? "unix" : peer.address().to_string();
}

}  // namespace onlooker::http
