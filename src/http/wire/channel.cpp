#include "http/wire/channel.hpp"

#include <asio/post.hpp>

#include <cassert>
#include <utility>

#include "base/running_clock.hpp"
#include "http/wire/plain_transport.hpp"

namespace onlooker::http {

namespace {

// What a peer may still send after our last octet before we close anyway.
constexpr std::size_t most_discarded = 256 * 1024;

}  // namespace

Channel::Channel(std::unique_ptr<Transport> transport, std::chrono::milliseconds write_stall)
    : transport_(std::move(transport)), write_stall_(write_stall) {}

void Channel::become_plain() {
    transport_ = std::make_unique<PlainTransport>(std::move(transport_->socket()));
}

Awaitable<bool> Channel::wait(IoResult::Outcome outcome, SteadyTime due) {
    const auto kind =
        outcome == IoResult::Outcome::wait_read ? TcpSocket::wait_read : TcpSocket::wait_write;
    assert(!suspended_);
    set_deadline(due);
    suspended_ = true;
    const auto [error] = co_await transport_->socket().async_wait(kind, as_result);
    suspended_ = false;
    co_return !error && !aborted_;
}

void Channel::cancel() noexcept {
    asio::error_code ignored;
    transport_->socket().cancel(ignored);
}

// A busy connection moves its deadline away all the time, and hardly ever touches the timer.
void Channel::set_deadline(SteadyTime due) {
    due_ = due;
    if (!deadline_)
        deadline_.emplace(transport_->socket().get_executor(), [this] { deadline_reached(); });
    deadline_->set(due);
}

void Channel::deadline_reached() {
    if (!suspended_)
        return;
    if (RunningClock::now() < due_)
        set_deadline(due_);
    else
        cancel();
}

void Channel::release_deadline() {
    deadline_.reset();
}

// Writes what the socket takes now; `done` when that was all.
IoResult::Outcome Channel::push(Remaining& rest) {
    while (!rest.empty()) {
        const IoResult result = transport_->try_write(rest.next());
        if (result.outcome != IoResult::Outcome::done)
            return result.outcome;
        rest.drop(result.octets);
    }
    return IoResult::Outcome::done;
}

Awaitable<bool> Channel::write(std::span<const ConstBytes> pieces) {
    Remaining rest(pieces);
    while (!aborted_) {
        const IoResult::Outcome outcome = push(rest);
        if (outcome == IoResult::Outcome::done)
            co_return true;
        if (outcome == IoResult::Outcome::closed || outcome == IoResult::Outcome::failed) {
            peer_closed_ = true;
            co_return false;
        }
        const SteadyTime due = RunningClock::now() + write_stall_;
        const std::size_t under_way = transport_->unacknowledged();
        const bool ready = co_await wait(outcome, due);
        if (ready)
            continue;
        const bool in_vain = !aborted_ && RunningClock::now() >= due;
        // A socket becomes writable when a good part of its queue has left, which may take a slow
        // peer minutes. That one is given time again.
        if (in_vain && transport_->unacknowledged() < under_way)
            continue;
        peer_closed_ = true;
        stalled_ = in_vain;
        co_return false;
    }
    co_return false;
}

Awaitable<> Channel::yield() {
    co_await asio::post(transport_->socket().get_executor(), use_awaitable);
}

Awaitable<> Channel::linger(std::span<std::byte> buffer, std::chrono::milliseconds patience) {
    if (aborted_ || peer_closed_)
        co_return;
    transport_->shutdown();
    const SteadyTime due = RunningClock::now() + patience;
    std::size_t discarded = 0;
    while (discarded < most_discarded && !aborted_) {
        const IoResult read = transport_->receive(buffer);
        discarded += read.octets;
        if (read.outcome == IoResult::Outcome::done)
            continue;
        if (read.outcome != IoResult::Outcome::wait_read || patience.count() <= 0)
            co_return;
        const bool more = co_await wait(IoResult::Outcome::wait_read, due);
        if (!more)
            co_return;
    }
}

void Channel::abort() noexcept {
    aborted_ = true;
    cancel();
    asio::error_code ignored;
    transport_->socket().shutdown(asio::socket_base::shutdown_both, ignored);
}

}  // namespace onlooker::http
