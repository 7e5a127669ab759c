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

namespace {

void set_option(int fd, int level, int name, int value) noexcept {
    // An option that a kernel refuses costs its benefit, never the connection.
    (void)::setsockopt(fd, level, name, &value, sizeof value);
}

// A peer that vanishes while nothing is under way to it is noticed by keep-alive probes, after 35
// to 50 s. One that does not acknowledge what it is sent is noticed by whoever sends, in Channel
// and SlowWire. TCP_USER_TIMEOUT would do that too, but strikes the living: a peer whose window
// stays smaller than a segment, since it reads slowly, is fed by the kernel's window probes, and
// Linux counts all the time in which it probes, whatever is acknowledged meanwhile
// (tcp_probe_timer). It also overrides the count of keep-alive probes.
//
// Probes that are due together are lost together: of thousands in one tick of the kernel's timers,
// those that do not fit into the queue of the network device are dropped. So connections that began
// together do not probe together, and a few lost probes do no harm.
constexpr int first_probe_after = 10;  // seconds
constexpr int spread = 16;
constexpr int probes_apart = 5;
constexpr int unanswered_probes = 5;

void set_options(int fd) noexcept {
    set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1);
    set_option(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
    set_option(fd, IPPROTO_TCP, TCP_KEEPIDLE, first_probe_after + fd % spread);
    set_option(fd, IPPROTO_TCP, TCP_KEEPINTVL, probes_apart);
    set_option(fd, IPPROTO_TCP, TCP_KEEPCNT, unanswered_probes);
}

}  // namespace

IoResult io_failure(IoResult::Outcome when_not_ready) noexcept {
    if (errno == EAGAIN || errno == EWOULDBLOCK)
        return {when_not_ready, 0, {}};
    return {IoResult::Outcome::failed, 0, std::error_code(errno, std::system_category())};
}

bool says_vanished(const std::error_code& error) noexcept {
    return error == std::errc::timed_out || error == std::errc::host_unreachable ||
           error == std::errc::network_unreachable;
}

Transport::Transport(TcpSocket socket) : socket_(std::move(socket)) {
    set_options(socket_.native_handle());
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
