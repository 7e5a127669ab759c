#include "http/wire/peer_watch.hpp"

#include <new>
#include <utility>

namespace onlooker::http {

namespace {

constexpr std::size_t most_thrown_away = 64 * 1024;

}  // namespace

// Shared with the wait that is under way, which may end after the watch.
struct PeerWatch::State {
    Transport& transport;
    std::span<std::byte> buffer;
    Listener& listener;
    std::size_t thrown_away = 0;
    bool over = false;
};

PeerWatch::PeerWatch(Transport& transport, std::span<std::byte> buffer, Listener& listener)
    : state_(std::make_shared<State>(State{transport, buffer, listener})) {
    wait(state_, TcpSocket::wait_read);
}

PeerWatch::~PeerWatch() {
    state_->over = true;
}

void PeerWatch::wait(std::shared_ptr<State> state, TcpSocket::wait_type event) {
    TcpSocket& socket = state->transport.socket();
    socket.async_wait(event, [state = std::move(state), event](const asio::error_code& error) {
        if (error || state->over)
            return;
        if (event == TcpSocket::wait_error)
            return state->listener.peer_gone({});
        try {
            read(state);
        } catch (const std::bad_alloc&) {
            // The next frame finds out what this would have noticed.
            state->over = true;
        }
    });
}

void PeerWatch::read(const std::shared_ptr<State>& state) {
    while (state->thrown_away < most_thrown_away) {
        const IoResult result = state->transport.try_read(state->buffer);
        switch (result.outcome) {
            case IoResult::Outcome::done:
                state->thrown_away += result.octets;
                break;
            case IoResult::Outcome::wait_read:
                return wait(state, TcpSocket::wait_read);
            case IoResult::Outcome::wait_write:
                // A handshake in the middle of a TLS connection, which is off.
                return;
            case IoResult::Outcome::closed:
                wait(state, TcpSocket::wait_error);
                return state->listener.peer_finished();
            case IoResult::Outcome::failed:
                return state->listener.peer_gone(result.error);
        }
    }
    wait(state, TcpSocket::wait_error);
}

}  // namespace onlooker::http
