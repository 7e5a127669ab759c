#include "sockets.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <cerrno>
#include <stdexcept>
#include <system_error>

namespace onlooker::bench {
namespace {

sockaddr_in ipv4(const std::string& address, std::uint16_t port) {
    sockaddr_in result{};
    result.sin_family = AF_INET;
    result.sin_port = htons(port);
    if (inet_pton(AF_INET, address.c_str(), &result.sin_addr) != 1)
        throw std::invalid_argument(address + ": expected an IPv4 address");
    return result;
}

}  // namespace

int check(int result, const char* what) {
    if (result < 0)
        throw std::system_error(errno, std::system_category(), what);
    return result;
}

void raise_descriptor_limit() {
    rlimit limit{};
    check(getrlimit(RLIMIT_NOFILE, &limit), "getrlimit");
    limit.rlim_cur = limit.rlim_max;
    check(setrlimit(RLIMIT_NOFILE, &limit), "setrlimit");
}

void set_option(int socket, int level, int name, int value) {
    check(setsockopt(socket, level, name, &value, sizeof value), "setsockopt");
}

UniqueFd listen_on(const std::string& address, std::uint16_t port) {
    const sockaddr_in where = ipv4(address, port);
    UniqueFd listener(
        check(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), "socket"));
    set_option(listener.get(), SOL_SOCKET, SO_REUSEADDR, 1);
    check(bind(listener.get(), reinterpret_cast<const sockaddr*>(&where), sizeof where), "bind");
    check(listen(listener.get(), 4096), "listen");
    return listener;
}

UniqueFd connect_to(const std::string& address, std::uint16_t port, int receive_buffer) {
    const sockaddr_in where = ipv4(address, port);
    UniqueFd fd(check(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), "socket"));
    if (receive_buffer > 0)
        set_option(fd.get(), SOL_SOCKET, SO_RCVBUF, receive_buffer);
    if (connect(fd.get(), reinterpret_cast<const sockaddr*>(&where), sizeof where) < 0 &&
        errno != EINPROGRESS)
        throw std::system_error(errno, std::system_category(), "connect");
    return fd;
}

}  // namespace onlooker::bench
