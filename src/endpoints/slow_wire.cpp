#include "endpoints/slow_wire.hpp"

#include "base/clock.hpp"
#include "base/ready.hpp"
#include "base/running_clock.hpp"
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
    const SteadyTime now = SteadyClock::now();
    if (takes_nothing(path, RunningClock::at(now))) {
        peer_ = Peer::takes_nothing;
        return SteadyClock::duration::zero();
    }
    if (on_look_)
        on_look_(path, now);
    return queue.time_to_wait(path, now);
}

bool SlowWire::takes_nothing(const http::PathState& path, SteadyTime now) noexcept {
    const bool waits = path.unacknowledged > 0;
    if (!waits || !no_progress_since_ || path.acknowledged != acknowledged_) {
        acknowledged_ = path.acknowledged;
        no_progress_since_ = waits ? std::optional(now) : std::nullopt;
        return false;
    }
    return now - *no_progress_since_ >= no_progress_limit_;
}

Task SlowWire::wait_until_free(http::Transport& transport, QueueRule& queue,
                               SteadyClock::duration wait) {
    while (wait > SteadyClock::duration::zero() && !leaving_) {
        if (!pause_)
            pause_.emplace(executor_);
        pause_->expires_after(wait);
        co_await TimerEnds(*pause_);
        if (!transport.socket().is_open()) {
            peer_ = Peer::gone;
            co_return;
        }
        queue.woke(RunningClock::now() - pause_->expiry());
        wait = look(transport, queue);
    }
}

Task SlowWire::send_rest(http::Transport& transport, [[maybe_unused]] media::FramePtr frame,
                         std::span<const http::ConstBytes> pieces, std::size_t sent) {
    TcpSocket& socket = transport.socket();
    if (check_)
        check_->restart(time_between_checks());
    else
        check_.emplace(executor_, time_between_checks(),
                       [this, &transport] { check_progress(transport); });
    http::Remaining rest(pieces);
    rest.drop(sent);
    while (!rest.empty() && peer_ == Peer::there) {
        const http::IoResult result = transport.try_write(rest.next());
        if (result.outcome == Outcome::done) {
            rest.drop(result.octets);
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
    check_->stop();
}

// That the socket is not writable does not say that the peer takes nothing: a good part of the
// queue has to leave for that, which may take a slow one minutes.
void SlowWire::check_progress(http::Transport& transport) {
    if (!takes_nothing(transport.path(), RunningClock::now()))
        return check_->restart(time_between_checks());
    peer_ = Peer::takes_nothing;
    asio::error_code ignored;
    transport.socket().cancel(ignored);
}

void SlowWire::leave() noexcept {
    if (pause_)
        pause_->cancel();
}

}  // namespace onlooker::endpoints
