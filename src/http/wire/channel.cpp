#include "http/wire/channel.hpp"

#include <asio/post.hpp>

#include <algorithm>
#include <utility>

#include "http/wire/plain_transport.hpp"

namespace onlooker::http {

namespace {

// What a peer may still send after our last octet before we close all the same.
constexpr std::size_t most_discarded = 256 * 1024;

void drop_front(std::span<ConstBytes> pieces, std::size_t octets) noexcept {
    for (ConstBytes& piece : pieces) {
        const std::size_t part = std::min(octets, piece.size());
        piece = piece.subspan(part);
        octets -= part;
    }
}

}  // namespace

Channel::Channel(std::unique_ptr<Transport> transport, std::chrono::milliseconds write_stall)
    : transport_(std::move(transport)), write_stall_(write_stall) {
    transport_->outlast(write_stall_);
}

void Channel::become_plain() {
    transport_ = std::make_unique<PlainTransport>(std::move(transport_->socket()));
    transport_->outlast(write_stall_);
}

Awaitable<bool> Channel::wait(IoResult::Outcome outcome, TimePoint due) {
    const auto kind =
        outcome == IoResult::Outcome::wait_read ? TcpSocket::wait_read : TcpSocket::wait_write;
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

// The timer is set anew only for an earlier time; for a later one it is enough to look at due_ when
// it runs out. So a busy connection hardly ever touches it.
void Channel::set_deadline(TimePoint due) {
    due_ = due;
    if (armed_for_ <= due && deadline_)
        return;
    armed_for_ = due;
    if (deadline_)
        deadline_->restart(due - SteadyClock::now());
    else
        deadline_.emplace(transport_->socket().get_executor(), due - SteadyClock::now(),
                          [this] { deadline_reached(); });
}

void Channel::deadline_reached() {
    armed_for_ = TimePoint::max();
    if (!suspended_)
        return;
    if (SteadyClock::now() < due_)
        set_deadline(due_);
    else
        cancel();
}

void Channel::release_deadline() {
    deadline_.reset();
    armed_for_ = TimePoint::max();
}

// Writes what the socket takes now; `pieces` becomes the rest.
Channel::Push Channel::push(std::span<ConstBytes>& pieces) {
    while (true) {
        while (!pieces.empty() && pieces.front().empty())
            pieces = pieces.subspan(1);
        if (pieces.empty())
            return Push::all;
        const IoResult result = transport_->try_write(pieces);
        switch (result.outcome) {
            case IoResult::Outcome::done:
                drop_front(pieces, result.octets);
                break;
            case IoResult::Outcome::wait_read:
                return Push::wait_read;
            case IoResult::Outcome::wait_write:
                return Push::wait_write;
            case IoResult::Outcome::closed:
            case IoResult::Outcome::failed:
                peer_closed_ = true;
                return Push::failed;
        }
    }
}

Awaitable<bool> Channel::write(std::span<ConstBytes> pieces) {
    while (!aborted_) {
        const Push pushed = push(pieces);
        if (pushed == Push::all)
            co_return true;
        if (pushed == Push::failed)
            co_return false;
        const auto outcome = pushed == Push::wait_read ? IoResult::Outcome::wait_read
                                                       : IoResult::Outcome::wait_write;
        if (!co_await wait(outcome, SteadyClock::now() + write_stall_)) {
            peer_closed_ = true;
            co_return false;
        }
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
    const TimePoint due = SteadyClock::now() + patience;
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
