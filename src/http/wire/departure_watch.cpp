#include "http/wire/departure_watch.hpp"

#include <sys/socket.h>

#include <cerrno>
#include <cstdint>
#include <utility>

namespace onlooker::http {

namespace {

enum class Side : std::uint8_t { open, closed, speaks };

Side side_of_peer(TcpSocket& socket) noexcept {
    char octet = 0;
    const auto count = ::recv(socket.native_handle(), &octet, 1, MSG_PEEK | MSG_DONTWAIT);
    if (count > 0)
        return Side::speaks;
    return count < 0 && (errno == EAGAIN || errno == EINTR) ? Side::open : Side::closed;
}

}  // namespace

// Shared with the wait that is under way, which may end after the watch.
struct DepartureWatch::State {
    TcpSocket& socket;
    std::function<void()> gone;
    bool over = false;
};

DepartureWatch::DepartureWatch(TcpSocket& socket, std::function<void()> gone)
    : state_(std::make_shared<State>(State{socket, std::move(gone)})) {
    wait(state_, TcpSocket::wait_read);
}

DepartureWatch::~DepartureWatch() {
    state_->over = true;
}

void DepartureWatch::wait(std::shared_ptr<State> state, TcpSocket::wait_type event) {
    TcpSocket& socket = state->socket;
    socket.async_wait(event, [state = std::move(state), event](const asio::error_code& error) {
        if (error || state->over)
            return;
        const Side side =
            event == TcpSocket::wait_error ? Side::closed : side_of_peer(state->socket);
        if (side == Side::closed)
            state->gone();
        else
            wait(state, side == Side::open ? TcpSocket::wait_read : TcpSocket::wait_error);
    });
}

}  // namespace onlooker::http
