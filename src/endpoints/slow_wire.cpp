#include "endpoints/slow_wire.hpp"

#include "base/clock.hpp"
#include "base/ready.hpp"
#include "http/wire/pieces.hpp"

namespace onlooker::endpoints {

namespace {

using Outcome = http::IoResult::Outcome;

}  // namespace

SteadyClock::duration SlowWire::look(const http::Transport& transport, QueueRule& queue) {
    const http::PathState path = transport.path();
    if (!path.connected) {
        // What was under way stays in the kernel's account, so the wire would never be free.
        peer_ = Peer::gone;
        return SteadyClock::duration::zero();
    }
    unacknowledged_ = path.unacknowledged;
    return queue.time_to_wait(path, SteadyClock::now());
}

Task SlowWire::wait_until_free(http::Transport& transport, QueueRule& queue,
                               SteadyClock::duration wait) {
    std::size_t least = unacknowledged_;
    SteadyTime progress = SteadyClock::now();
    while (wait > SteadyClock::duration::zero() && !leaving_) {
        if (!pause_)
            pause_.emplace(executor_);
        pause_->expires_after(wait);
        co_await TimerEnds(*pause_);
        if (!transport.socket().is_open()) {
            peer_ = Peer::gone;
            co_return;
        }
        wait = look(transport, queue);
        const SteadyTime now = SteadyClock::now();
        if (unacknowledged_ < least) {
            least = unacknowledged_;
            progress = now;
        } else if (wait > SteadyClock::duration::zero() && now - progress >= no_progress_limit_) {
            peer_ = Peer::takes_nothing;
            co_return;
        }
    }
}

Task SlowWire::send_rest(http::Transport& transport, [[maybe_unused]] media::FramePtr frame,
                         std::span<const http::ConstBytes> pieces, std::size_t sent) {
    TcpSocket& socket = transport.socket();
    const auto give_up = [this, &socket] {
        peer_ = Peer::takes_nothing;
        asio::error_code ignored;
        socket.cancel(ignored);
    };
    if (progress_)
        progress_->restart(no_progress_limit_);
    else
        progress_.emplace(executor_, no_progress_limit_, give_up);
    http::Remaining rest(pieces);
    rest.drop(sent);
    while (!rest.empty() && peer_ == Peer::there) {
        const http::IoResult result = transport.try_write(rest.next());
        if (result.outcome == Outcome::done) {
            rest.drop(result.octets);
            progress_->restart(no_progress_limit_);
        } else if (result.outcome == Outcome::failed || result.outcome == Outcome::closed) {
            peer_ = Peer::gone;
        } else {
            const auto event =
                result.outcome == Outcome::wait_read ? SocketReady::read : SocketReady::write;
            const asio::error_code error = co_await SocketReady(socket, event);
            if (error && peer_ == Peer::there)
                peer_ = Peer::gone;
        }
    }
    progress_->stop();
}

void SlowWire::leave() noexcept {
    if (pause_)
        pause_->cancel();
}

}  // namespace onlooker::endpoints
