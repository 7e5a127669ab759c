// What is done for a viewer that does not keep up, and for nobody else: its next frame waits until
// the wire is free (queue_rule.hpp), and what the kernel did not take of a part is sent when there
// is room again.
//
// A viewer is disconnected when it takes nothing at all for `no_progress_limit`, and never while it
// makes any progress: while anything of what it was sent is acknowledged.
//
// Owner: the stream, which takes one step at a time. Thread: the loop.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <utility>

#include "base/awaitable.hpp"
#include "base/deadline.hpp"
#include "base/task.hpp"
#include "endpoints/queue_rule.hpp"
#include "http/wire/transport.hpp"
#include "media/frame.hpp"

namespace onlooker::endpoints {

class SlowWire {
  public:
    // `leaving` is the stream's: the server wants to end, and no next frame is waited for any more.
    SlowWire(Executor executor, std::chrono::milliseconds no_progress_limit,
             const bool& leaving) noexcept
        : executor_(executor), no_progress_limit_(no_progress_limit), leaving_(leaving) {}

    // How long the next frame has to wait by the rule. Zero for nearly every viewer, which then
    // needs no coroutine to wait in; and zero when the peer is not `there` any more.
    SteadyClock::duration look(const http::Transport& transport, QueueRule& queue);

    // Waits that long, and longer, until the rule lets the next frame be chosen, the peer is not
    // `there` any more, or the server wants to end.
    Task wait_until_free(http::Transport& transport, QueueRule& queue, SteadyClock::duration wait);

    // Sends what lies behind the first `sent` octets of `pieces`, which must live until it ends. It
    // holds `frame`, which they point into: a part is always finished, whatever has become the
    // newest meanwhile, and although the server wants to end.
    Task send_rest(http::Transport& transport, media::FramePtr frame,
                   std::span<const http::ConstBytes> pieces, std::size_t sent);

    // After any of them.
    enum class Peer : std::uint8_t { there, gone, takes_nothing };
    Peer peer() const noexcept { return peer_; }

    std::chrono::milliseconds no_progress_limit() const noexcept { return no_progress_limit_; }

    // Ends the wait, once the server wants to end.
    void leave() noexcept;

    // Is told of the path at each look, before the next frame is chosen.
    using OnLook = std::function<void(const http::PathState&, SteadyTime)>;
    void on_look(OnLook told) { on_look_ = std::move(told); }

  private:
    bool takes_nothing(const http::PathState& path, SteadyTime now) noexcept;
    void check_progress(http::Transport& transport);
    SteadyClock::duration time_between_checks() const noexcept { return no_progress_limit_ / 4; }

    Executor executor_;
    std::chrono::milliseconds no_progress_limit_;
    // At the last look at the path: what had been acknowledged, and since when not one octet more
    // was, with something under way; nothing when nothing is.
    std::uint64_t acknowledged_ = 0;
    std::optional<SteadyTime> no_progress_since_;
    const bool& leaving_;
    OnLook on_look_;
    Peer peer_ = Peer::there;
    std::optional<Timer> pause_;     // made for the first frame that has to wait
    std::optional<Deadline> check_;  // made for the first part that does not go in one piece
};

}  // namespace onlooker::endpoints
