#include "http/wire/transport.hpp"

#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <utility>

#include "http/wire/path_probe.hpp"

namespace onlooker::http {

namespace {

void set_option(int fd, int level, int name, int value) noexcept {
    // An option that a kernel refuses costs its benefit, never the connection.
    (void)::setsockopt(fd, level, name, &value, sizeof value);
}

// A peer that vanishes without closing is noticed within half a minute, or the time that outlast()
// gives it: by what it does not acknowledge, or, while nothing is sent, by keep-alive probes.
constexpr std::chrono::milliseconds gone_after{30'000};
// Whoever gives up first should be us, because we log it.
constexpr std::chrono::milliseconds head_start{5'000};

void set_options(int fd) noexcept {
    set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1);
    set_option(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, static_cast<int>(gone_after.count()));
    set_option(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
    set_option(fd, IPPROTO_TCP, TCP_KEEPIDLE, 20);  // seconds
    set_option(fd, IPPROTO_TCP, TCP_KEEPINTVL, 5);
    set_option(fd, IPPROTO_TCP, TCP_KEEPCNT, 3);
}

}  // namespace

IoResult io_failure(IoResult::Outcome when_not_ready) noexcept {
    if (errno == EAGAIN || errno == EWOULDBLOCK)
        return {when_not_ready, 0, {}};
    return {IoResult::Outcome::failed, 0, std::error_code(errno, std::system_category())};
}

Transport::Transport(TcpSocket socket) : socket_(std::move(socket)) {
    set_options(socket_.native_handle());
}

void Transport::outlast(std::chrono::milliseconds patience) noexcept {
    constexpr std::chrono::milliseconds longest = std::chrono::days(2);
    const auto timeout = std::clamp(std::min(patience, longest) + head_start, gone_after, longest);
    set_option(socket_.native_handle(), IPPROTO_TCP, TCP_USER_TIMEOUT,
               static_cast<int>(timeout.count()));
}

std::size_t Transport::unacknowledged() const noexcept {
    int octets = 0;
    auto& socket = const_cast<TcpSocket&>(socket_);
    if (::ioctl(socket.native_handle(), SIOCOUTQ, &octets) != 0 || octets < 0)
        return 0;
    return static_cast<std::size_t>(octets);
}

PathState Transport::path() const noexcept {
    PathState state;
    state.unacknowledged = unacknowledged();
    auto& socket = const_cast<TcpSocket&>(socket_);
    if (const auto probe = probe_path(socket.native_handle())) {
        state.connected = probe->state != TCP_CLOSE;
        state.delivery_rate = probe->delivery_rate;
        state.acknowledged = probe->acknowledged;
        state.min_rtt = std::chrono::microseconds(probe->min_rtt);
    }
    return state;
}

IoResult Transport::receive(std::span<std::byte> into) {
    ssize_t octets = 0;
    do {
        octets = ::recv(socket_.native_handle(), into.data(), into.size(), MSG_DONTWAIT);
    } while (octets < 0 && errno == EINTR);
    if (octets < 0)
        return io_failure(IoResult::Outcome::wait_read);
    if (octets == 0 && !into.empty())
        return {IoResult::Outcome::closed, 0, {}};
    return {IoResult::Outcome::done, static_cast<std::size_t>(octets), {}};
}

}  // namespace onlooker::http
