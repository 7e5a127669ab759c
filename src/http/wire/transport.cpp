#include "http/wire/transport.hpp"

#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <cerrno>
#include <chrono>
#include <utility>

#include "http/wire/path_probe.hpp"

namespace onlooker::http {

IoResult io_failure(IoResult::Outcome when_not_ready) noexcept {
    if (errno == EAGAIN || errno == EWOULDBLOCK)
        return {when_not_ready, 0, {}};
    return {IoResult::Outcome::failed, 0, std::error_code(errno, std::system_category())};
}

bool says_vanished(const std::error_code& error) noexcept {
    return error == std::errc::timed_out || error == std::errc::host_unreachable ||
           error == std::errc::network_unreachable;
}

Transport::Transport(TcpSocket socket) : socket_(std::move(socket)) {}

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
        state.rtt = std::chrono::microseconds(probe->rtt);
        state.busy = std::chrono::microseconds(probe->busy);
        state.window_full = std::chrono::microseconds(probe->window_full);
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
