#include "relay/forbidden_address.hpp"

#include <ifaddrs.h>

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <memory>
#include <optional>
#include <string_view>
#include <system_error>

#include "base/text.hpp"
#include "base/unique_fd.hpp"

namespace onlooker::drivers {

namespace {

// IPv4 and IPv6 alike, the former in its mapped form ::ffff:a.b.c.d.
struct Endpoint {
    std::array<std::uint8_t, 16> address{};
    std::uint16_t port = 0;

    bool is_ipv4() const noexcept {
        static constexpr std::array<std::uint8_t, 12> prefix{0, 0, 0, 0, 0,    0,
                                                             0, 0, 0, 0, 0xff, 0xff};
        return std::equal(prefix.begin(), prefix.end(), address.begin());
    }
    bool is_unspecified() const noexcept {
        return std::all_of(address.begin() + (is_ipv4() ? 12 : 0), address.end(),
                           [](std::uint8_t octet) { return octet == 0; });
    }
    bool is_loopback() const noexcept {
        return is_ipv4() ? address[12] == 127
                         : std::equal(address.begin(), address.end(), in6addr_loopback.s6_addr);
    }
    bool is_link_local() const noexcept {
        return is_ipv4() ? address[12] == 169 && address[13] == 254
                         : address[0] == 0xfe && (address[1] & 0xc0) == 0x80;
    }
};

std::optional<Endpoint> endpoint_of(const sockaddr* address) {
    Endpoint result;
    if (address != nullptr && address->sa_family == AF_INET) {
        sockaddr_in in{};
        std::memcpy(&in, address, sizeof in);
        result.address[10] = result.address[11] = 0xff;
        std::memcpy(&result.address[12], &in.sin_addr, 4);
        result.port = ntohs(in.sin_port);
        return result;
    }
    if (address != nullptr && address->sa_family == AF_INET6) {
        sockaddr_in6 in{};
        std::memcpy(&in, address, sizeof in);
        std::memcpy(result.address.data(), &in.sin6_addr, 16);
        result.port = ntohs(in.sin6_port);
        return result;
    }
    return std::nullopt;
}

bool is_on_this_machine(const Endpoint& endpoint) {
    if (endpoint.is_loopback() || endpoint.is_unspecified())
        return true;
    ifaddrs* list = nullptr;
    if (::getifaddrs(&list) != 0)
        return false;
    const std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> owner(list, &::freeifaddrs);
    for (const ifaddrs* entry = list; entry != nullptr; entry = entry->ifa_next) {
        const auto own = endpoint_of(entry->ifa_addr);
        if (own && own->address == endpoint.address)
            return true;
    }
    return false;
}

// Where the socket `fd` listens; nothing when it is no listening socket.
std::optional<Endpoint> listens_at(int fd) {
    int listening = 0;
    socklen_t size = sizeof listening;
    if (::getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) != 0 || listening == 0)
        return std::nullopt;
    sockaddr_storage storage{};
    size = sizeof storage;
    auto* address = reinterpret_cast<sockaddr*>(&storage);
    if (::getsockname(fd, address, &size) != 0)
        return std::nullopt;
    return endpoint_of(address);
}

// The program does not tell its modules where it listens, but the kernel does.
bool is_own_listener(const Endpoint& endpoint) {
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd", error)) {
        const auto fd = parse_number<int>(entry.path().filename().native());
        const auto own = fd ? listens_at(*fd) : std::nullopt;
        if (own && own->port == endpoint.port &&
            (own->address == endpoint.address ||
             (own->is_unspecified() && is_on_this_machine(endpoint)) ||
             (endpoint.is_unspecified() && own->is_loopback())))
            return true;
    }
    return false;
}

}  // namespace

std::string why_forbidden(const sockaddr* address) {
    const auto endpoint = endpoint_of(address);
    if (!endpoint)
        return "it is no internet address";
    if (endpoint->is_link_local())
        return "it is a link-local address";
    if (is_own_listener(*endpoint))
        return "this server itself listens there";
    return {};
}

std::string why_forbidden(std::string_view host) {
    std::string address(host.substr(0, host.find_first_of("%]")));  // without a zone
    if (address.starts_with('['))
        address.erase(0, 1);
    sockaddr_in in{};
    sockaddr_in6 in6{};
    in.sin_family = AF_INET;
    in6.sin6_family = AF_INET6;
    if (::inet_pton(AF_INET, address.c_str(), &in.sin_addr) == 1)
        return why_forbidden(reinterpret_cast<const sockaddr*>(&in));
    if (::inet_pton(AF_INET6, address.c_str(), &in6.sin6_addr) == 1)
        return why_forbidden(reinterpret_cast<const sockaddr*>(&in6));
    return {};
}

bool may_connect() {
    // No octet is sent by it: a datagram's connection is an address to remember.
    const UniqueFd probe(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    sockaddr_in nobody{};
    nobody.sin_family = AF_INET;
    nobody.sin_port = htons(9);
    nobody.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return !probe ||
           ::connect(probe.get(), reinterpret_cast<const sockaddr*>(&nobody), sizeof nobody) == 0 ||
           errno != EPERM;
}

}  // namespace onlooker::drivers
