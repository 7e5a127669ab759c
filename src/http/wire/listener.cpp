#include "http/wire/listener.hpp"

#include <asio/ip/v6_only.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <sys/socket.h>

#include <cerrno>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace onlooker::http {

namespace {

using asio::ip::tcp;

constexpr int backlog = 4096;  // the kernel cuts it to net.core.somaxconn

std::string advice(const std::error_code& error, std::uint16_t port) {
    switch (error.value()) {
        case EADDRINUSE:
            return "another program listens there; end it, or choose another --port";
        case EADDRNOTAVAIL:
            return "this machine has no such address; `ip address` shows those it has";
        case EACCES:
            return fmt::format(
                "port {} is below 1024, which takes root or CAP_NET_BIND_SERVICE; "
                "choose a higher --port",
                port);
        default:
            return "choose another --host or --port";
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
    asio::ip::basic_resolver<tcp, Executor> resolver(executor);
    const auto results =
        resolver.resolve(host, std::to_string(port), asio::ip::resolver_base::passive, error);
    if (error)
        throw std::runtime_error(
            fmt::format("cannot listen on {}: the name is not known ({}); give an IP address", host,
                        error.message()));
    std::vector<tcp::endpoint> endpoints;
    for (const auto& result : results)
        endpoints.push_back(result.endpoint());
    return endpoints;
}

asio::error_code open(TcpAcceptor& acceptor, const tcp::endpoint& endpoint) {
    asio::error_code error;
    acceptor.open(endpoint.protocol(), error);
    if (!error)
        acceptor.set_option(asio::socket_base::reuse_address(true), error);
    if (!error && endpoint.address().is_v6() && !endpoint.address().is_unspecified())
        acceptor.set_option(asio::ip::v6_only(true), error);
    if (!error)
        acceptor.bind(endpoint, error);
    if (!error)
        acceptor.listen(backlog, error);
    if (!error)
        acceptor.non_blocking(true, error);
    return error;
}

}  // namespace

std::vector<TcpAcceptor> listen_on(const Executor& executor, const std::string& host,
                                   std::uint16_t port) {
    std::vector<TcpAcceptor> acceptors;
    std::string failure;
    for (tcp::endpoint endpoint : resolve(executor, host, port)) {
        if (!acceptors.empty() && port == 0)
            endpoint.port(acceptors.front().local_endpoint().port());
        TcpAcceptor acceptor(executor);
        const asio::error_code error = open(acceptor, endpoint);
        if (!error) {
            acceptors.push_back(std::move(acceptor));
            continue;
        }
        failure = fmt::format("cannot listen on {}: {}: {}", name_of(endpoint), error.message(),
                              advice(error, port));
        // A machine without IPv6 still has the other address of "localhost".
        if (error.value() != EADDRNOTAVAIL && error.value() != EAFNOSUPPORT)
            throw std::runtime_error(failure);
    }
    if (acceptors.empty())
        throw std::runtime_error(failure);
    return acceptors;
}

}  // namespace onlooker::http
