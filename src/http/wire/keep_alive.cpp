#include "http/wire/keep_alive.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace onlooker::http {

namespace {

constexpr int first_probe_after = 10;  // seconds
constexpr int spread = 16;
constexpr int probes_apart = 5;
constexpr int unanswered_probes = 5;

void set_option(int fd, int level, int name, int value) noexcept {
    (void)::setsockopt(fd, level, name, &value, sizeof value);
}

}  // namespace

void prepare_to_accept(int listening_socket) noexcept {
    set_option(listening_socket, IPPROTO_TCP, TCP_NODELAY, 1);
    set_option(listening_socket, SOL_SOCKET, SO_KEEPALIVE, 1);
    set_option(listening_socket, IPPROTO_TCP, TCP_KEEPIDLE, first_probe_after);
    set_option(listening_socket, IPPROTO_TCP, TCP_KEEPINTVL, probes_apart);
    set_option(listening_socket, IPPROTO_TCP, TCP_KEEPCNT, unanswered_probes);
}

void spread_probes(int accepted_socket) noexcept {
    set_option(accepted_socket, IPPROTO_TCP, TCP_KEEPIDLE,
               first_probe_after + accepted_socket % spread);
}

}  // namespace onlooker::http
