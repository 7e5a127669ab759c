#include "http/wire/inherited_sockets.hpp"

#include <fcntl.h>

#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "base/text.hpp"

namespace onlooker::http {

namespace {

constexpr int first_inherited = 3;  // SD_LISTEN_FDS_START
constexpr int most_inherited = 64;

std::string_view value_of(const std::map<std::string, std::string>& environment,
                          const std::string& name) {
    const auto found = environment.find(name);
    return found == environment.end() ? std::string_view() : std::string_view(found->second);
}

// Takes the first of the names that stand between colons.
std::string_view next_name(std::string_view& names) {
    const std::size_t end = std::min(names.find(':'), names.size());
    const std::string_view name = names.substr(0, end);
    names.remove_prefix(std::min(end + 1, names.size()));
    return name;
}

int socket_option(int fd, int option) {
    int value = 0;
    socklen_t size = sizeof value;
    return ::getsockopt(fd, SOL_SOCKET, option, &value, &size) == 0 ? value : -1;
}

}  // namespace

std::optional<asio::ip::tcp::endpoint> listening_address(int fd) {
    if (socket_option(fd, SO_ACCEPTCONN) != 1 || socket_option(fd, SO_TYPE) != SOCK_STREAM)
        throw std::runtime_error("it is no stream socket that listens");
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    if (::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0)
        throw std::runtime_error("its address cannot be read");
    if (address.ss_family == AF_UNIX)
        return std::nullopt;
    asio::ip::tcp::endpoint endpoint;
    const bool is_ip = address.ss_family == AF_INET || address.ss_family == AF_INET6;
    if (!is_ip || size > endpoint.capacity())
        throw std::runtime_error("it listens neither over TCP nor at a unix socket");
    std::memcpy(endpoint.data(), &address, size);
    endpoint.resize(size);
    return endpoint;
}

std::vector<InheritedSocket> take_inherited_sockets(
    const std::map<std::string, std::string>& environment, int self) {
    std::vector<InheritedSocket> sockets;
    // They are another process's when the variables were left behind by a parent.
    if (parse_number<int>(value_of(environment, "LISTEN_PID")) != self)
        return sockets;
    const auto count = parse_number<int>(value_of(environment, "LISTEN_FDS"));
    if (!count || *count < 0 || *count > most_inherited)
        throw std::runtime_error(fmt::format("LISTEN_FDS={}: expected a number of sockets, 0 to {}",
                                             escaped(value_of(environment, "LISTEN_FDS"), 20),
                                             most_inherited));
    std::string_view names = value_of(environment, "LISTEN_FDNAMES");
    for (int fd = first_inherited; fd < first_inherited + *count; ++fd) {
        InheritedSocket socket{
            .fd = UniqueFd(fd), .name = std::string(next_name(names)), .address = {}};
        try {
            socket.address = listening_address(fd);
        } catch (const std::runtime_error& error) {
            throw std::runtime_error(
                fmt::format("the inherited descriptor {} ({}) cannot be listened on: {}; a unit "
                            "*.socket for this service has ListenStream= and Accept=no",
                            fd, escaped(socket.name, 60), error.what()));
        }
        ::fcntl(fd, F_SETFD, FD_CLOEXEC);
        sockets.push_back(std::move(socket));
    }
    return sockets;
}

}  // namespace onlooker::http
