#include "http/wire/listener.hpp"

#include <net/if.h>

#include <asio/ip/v6_only.hpp>
#include <fmt/format.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "base/text.hpp"
#include "http/wire/inherited_sockets.hpp"
#include "http/wire/keep_alive.hpp"

namespace onlooker::http {

namespace {

using asio::ip::tcp;

constexpr int most_attempts = 16;
constexpr int backlog = 4096;  // the kernel cuts it to net.core.somaxconn

std::string advice(const std::error_code& error, std::uint16_t port) {
    switch (error.value()) {
        case EADDRINUSE:
            return "another program listens there (or another --listen: [::] takes IPv4 too); end "
                   "it, or choose another port";
        case EADDRNOTAVAIL:
            return "this machine has no such address; `ip address` shows those it has";
        case EAFNOSUPPORT:
            return "this machine has no IPv6; for all its addresses take --host 0.0.0.0";
        case EACCES:
            return fmt::format(
                "port {} is below 1024, which takes root or CAP_NET_BIND_SERVICE; "
                "choose a higher one",
                port);
        case ENODEV:
            return "there is no such network interface; `ip link` shows those there are";
        case EPERM:
            return "before Linux 5.7 an interface takes root or CAP_NET_RAW; listen on its address";
        default:
            return "choose another address or port";
    }
}

std::string name_of(const tcp::endpoint& endpoint) {
    const auto address = endpoint.address();
    return fmt::format(fmt::runtime(address.is_v6() ? "[{}]:{}" : "{}:{}"), address.to_string(),
                       endpoint.port());
}

std::vector<tcp::endpoint> resolve(const Executor& executor, const std::string& host,
                                   std::uint16_t port) {
    asio::error_code error;
    const auto address = asio::ip::make_address(host, error);
    if (!error)
        return {tcp::endpoint(address, port)};
    if (equal_ignoring_case(host, "localhost"))
        return {tcp::endpoint(asio::ip::address_v4::loopback(), port),
                tcp::endpoint(asio::ip::address_v6::loopback(), port)};
    asio::ip::basic_resolver<tcp, Executor> resolver(executor);
    const auto results =
        resolver.resolve(host, std::to_string(port), asio::ip::resolver_base::passive, error);
    if (error)
        throw std::runtime_error(
            fmt::format("cannot listen on {}: the name is not known ({}); give an IP address", host,
                        error.message()));
    std::vector<tcp::endpoint> endpoints;
    // A hosts file may name an address twice.
    for (const auto& result : results) {
        if (std::ranges::find(endpoints, result.endpoint()) == endpoints.end())
            endpoints.push_back(result.endpoint());
    }
    return endpoints;
}

asio::error_code bind_to_interface(TcpAcceptor& acceptor, const std::string& name) {
    const bool bound =
        name.empty() || ::setsockopt(acceptor.native_handle(), SOL_SOCKET, SO_BINDTODEVICE,
                                     name.c_str(), static_cast<socklen_t>(name.size())) == 0;
    return bound ? asio::error_code() : asio::error_code(errno, asio::system_category());
}

// `interface`: empty for all of them.
asio::error_code open(TcpAcceptor& acceptor, const tcp::endpoint& endpoint,
                      const std::string& interface) {
    asio::error_code error;
    acceptor.open(endpoint.protocol(), error);
    if (!error)
        acceptor.set_option(asio::socket_base::reuse_address(true), error);
    // Said for "::" as well: net.ipv6.bindv6only may have turned it round.
    if (!error && endpoint.address().is_v6())
        acceptor.set_option(asio::ip::v6_only(!endpoint.address().is_unspecified()), error);
    if (!error)
        error = bind_to_interface(acceptor, interface);
    if (!error)
        acceptor.bind(endpoint, error);
    if (!error)
        acceptor.listen(backlog, error);
    if (!error)
        acceptor.non_blocking(true, error);
    return error;
}

// Of a unix socket Asio needs to know no more than its descriptor.
Listener over_unix(const Executor& executor, const ListenAddress& address, bool secure,
                   int socket) {
    TcpAcceptor acceptor(executor);
    acceptor.assign(tcp::v4(), socket);
    acceptor.non_blocking(true);
    return {std::move(acceptor), address, secure, true};
}

Listener over_tcp(const ListenAddress& address, bool secure, TcpAcceptor acceptor) {
    prepare_to_accept(acceptor.native_handle());
    return {std::move(acceptor), address, secure};
}

Listener adopt(const Executor& executor, const ListenAddress& address, bool secure, int socket) {
    const auto bound_to = listening_address(socket);
    if (!bound_to)
        return over_unix(executor, address, secure, socket);
    TcpAcceptor acceptor(executor, bound_to->protocol(), socket);
    acceptor.non_blocking(true);
    return over_tcp(address, secure, std::move(acceptor));
}

struct Opened {
    std::vector<TcpAcceptor> acceptors;  // empty: `failure` says why
    std::string failure;
    bool try_another_port = false;
};

Opened open_all(const Executor& executor, std::vector<tcp::endpoint> endpoints, std::uint16_t port,
                const std::string& interface = {}) {
    Opened opened;
    for (tcp::endpoint& endpoint : endpoints) {
        if (!opened.acceptors.empty() && port == 0)
            endpoint.port(opened.acceptors.front().local_endpoint().port());
        TcpAcceptor acceptor(executor);
        const asio::error_code error = open(acceptor, endpoint, interface);
        if (!error) {
            opened.acceptors.push_back(std::move(acceptor));
            continue;
        }
        opened.failure = fmt::format(
            "cannot listen on {}: {}: {}",
            interface.empty() ? name_of(endpoint) : fmt::format("%{}:{}", interface, port),
            error.message(), advice(error, port));
        // A machine without IPv6 still has the other address of "localhost".
        if (error.value() == EADDRNOTAVAIL || error.value() == EAFNOSUPPORT)
            continue;
        opened.try_another_port = port == 0 && error.value() == EADDRINUSE;
        opened.acceptors.clear();
        break;
    }
    return opened;
}

}  // namespace

std::vector<TcpAcceptor> listen_on(const Executor& executor, const std::string& host,
                                   std::uint16_t port) {
    const std::vector<tcp::endpoint> endpoints = resolve(executor, host, port);
    // A port that is free on the first address may be taken on the second.
    for (int attempt = 1;; ++attempt) {
        Opened opened = open_all(executor, endpoints, port);
        if (!opened.acceptors.empty())
            return std::move(opened.acceptors);
        if (!opened.try_another_port || attempt == most_attempts)
            throw std::runtime_error(opened.failure);
    }
}

std::vector<TcpAcceptor> listen_on_interface(const Executor& executor, const std::string& name,
                                             std::uint16_t port) {
    Opened opened;
    // That of IPv6 takes both, where there is IPv6.
    for (const tcp::endpoint& any :
         {tcp::endpoint(tcp::v6(), port), tcp::endpoint(tcp::v4(), port)}) {
        opened = open_all(executor, {any}, port, name);
        if (!opened.acceptors.empty())
            return std::move(opened.acceptors);
    }
    throw std::runtime_error(opened.failure);
}

std::vector<Listener> listen(const Executor& executor, const ListenAddress& address, bool secure) {
    using Place = ListenAddress::Place;
    std::vector<Listener> listeners;
    listeners.reserve(address.sockets.size());
    for (const int socket : address.sockets)
        listeners.push_back(adopt(executor, address, secure, socket));
    if (!listeners.empty())
        return listeners;
    if (address.place == Place::file) {
        auto file = std::make_unique<SocketFile>(address.name, address.mode);
        listeners.push_back(over_unix(executor, address, secure, file->take_socket().release()));
        listeners.back().file = std::move(file);
        return listeners;
    }
    asio::error_code no_address;
    (void)asio::ip::make_address(address.name, no_address);
    const bool is_interface = address.place == Place::interface ||
                              (no_address && ::if_nametoindex(address.name.c_str()) != 0);
    for (TcpAcceptor& acceptor : is_interface
                                     ? listen_on_interface(executor, address.name, address.port)
                                     : listen_on(executor, address.name, address.port))
        listeners.push_back(over_tcp(address, secure, std::move(acceptor)));
    return listeners;
}

}  // namespace onlooker::http
