#include "http/stream_session.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <string_view>
#include <vector>

namespace onlooker::http {

namespace {

using Outcome = IoResult::Outcome;

// RFC 9112, section 7.1.
std::string chunk_size(std::size_t octets) {
    return fmt::format("{:x}\r\n", octets);
}
constexpr std::string_view chunk_end = "\r\n";
constexpr std::string_view last_chunk = "0\r\n\r\n";

std::size_t octets_of(std::span<const ConstBytes> pieces) noexcept {
    std::size_t octets = 0;
    for (const ConstBytes piece : pieces)
        octets += piece.size();
    return octets;
}

}  // namespace

Awaitable<> StreamSession::run(std::string head) {
    const std::string preamble = parts_.body.preamble();
    if (parts_.chunked && !preamble.empty())
        head.append(chunk_size(preamble.size())).append(preamble).append(chunk_end);
    else
        head += preamble;
    const std::array pieces{bytes_of(head)};
    const bool sent = co_await parts_.channel.write(pieces);
    if (!sent)
        co_return;
    head = std::string();
    parts_.channel.release_deadline();
    if (!leaving()) {
        PeerWatch::Listener& listener = *this;
        std::optional<PeerWatch> watch;
        if (!parts_.body.wants_input())
            watch.emplace(transport(), parts_.buffer, listener);
        co_await parts_.body.run(*this);
    }
    on_leave_ = nullptr;
    if (parts_.chunked && !broken_ && !peer_gone_) {
        const std::array end{bytes_of(last_chunk)};
        co_await parts_.channel.write(end);
    }
}

void StreamSession::leave() {
    if (pause_)
        pause_->cancel();
    if (may_leave_)
        parts_.channel.cancel();
    if (const auto wake = std::exchange(on_leave_, nullptr))
        wake();
}

void StreamSession::peer_gone(const std::error_code& why) {
    peer_gone_ = true;
    gone_by_ = why;
    parts_.channel.give_up();
    leave();
}

Awaitable<bool> StreamSession::write(std::span<const ConstBytes> pieces) {
    if (broken_ || peer_gone_)
        co_return false;
    const std::size_t octets = octets_of(pieces);
    if (octets == 0)
        co_return true;
    if (parts_.chunked) {
        const std::string size = chunk_size(octets);
        std::vector<ConstBytes> chunk{bytes_of(size)};
        chunk.insert(chunk.end(), pieces.begin(), pieces.end());
        chunk.push_back(bytes_of(chunk_end));
        broken_ = !co_await parts_.channel.write(chunk);
    } else {
        broken_ = !co_await parts_.channel.write(pieces);
    }
    co_await take_turns();
    co_return !broken_;
}

Awaitable<bool> StreamSession::wait_until(SteadyTime due) {
    if (leaving())
        co_return false;
    if (!pause_)
        pause_.emplace(transport().socket().get_executor());
    pause_->expires_at(due);
    co_await pause_->async_wait(as_result);
    co_return !leaving();
}

Awaitable<IoResult> StreamSession::read(std::span<std::byte> into, SteadyTime due) {
    assert(parts_.body.wants_input() && !into.empty());
    co_await take_turns();
    if (!parts_.input.empty())
        co_return IoResult{Outcome::done, take_input(into), {}};
    while (!leaving()) {
        const IoResult result = transport().try_read(into);
        if (result.outcome == Outcome::done || result.outcome == Outcome::closed)
            co_return result;
        if (result.outcome == Outcome::failed) {
            peer_gone(result.error);
            break;
        }
        may_leave_ = true;
        const bool ready = co_await parts_.channel.wait(result.outcome, due);
        may_leave_ = false;
        if (!ready && !leaving())
            co_return IoResult{Outcome::wait_read, 0, {}};
    }
    co_return IoResult{Outcome::failed, 0, {}};
}

std::size_t StreamSession::take_input(std::span<std::byte> into) {
    const std::size_t octets = std::min(into.size(), parts_.input.size());
    std::ranges::copy(bytes_of(std::string_view(parts_.input).substr(0, octets)), into.begin());
    parts_.input.erase(0, octets);
    return octets;
}

// So that a body that always has something to say, or to hear, does not keep the others waiting.
Awaitable<> StreamSession::take_turns() {
    if (++turns_ % 8 == 0)
        co_await parts_.channel.yield();
}

}  // namespace onlooker::http
