#include "endpoints/queue_rule.hpp"

#include <algorithm>

namespace onlooker::endpoints {

namespace {

using Clock = QueueRule::Clock;

// Two full Ethernet segments: what a peer that delays its acknowledgements keeps back.
constexpr std::size_t slack = 2 * 1448;

constexpr Clock::duration shortest_wait = std::chrono::microseconds(500);
constexpr Clock::duration longest_wait = std::chrono::milliseconds(100);

Clock::duration time_for(std::size_t octets, std::uint64_t rate) noexcept {
    if (rate == 0)
        return longest_wait;
    return std::chrono::nanoseconds(
        static_cast<std::int64_t>(static_cast<double>(octets) * 1e9 / static_cast<double>(rate)));
}

}  // namespace

void QueueRule::sent(std::size_t octets, Time now) noexcept {
    ++frames_since_look_;
    wire_free_at_ = std::max(wire_free_at_, now) + time_for(octets, rate_) + min_rtt_;
}

bool QueueRule::must_look(Time now) const noexcept {
    return must_look_ || frames_since_look_ >= frames_between_looks || now < wire_free_at_;
}

Clock::duration QueueRule::wait_for(const http::PathState& path, Time now) noexcept {
    rate_ = best_rate(path.delivery_rate, path.rate_is_app_limited, now);
    min_rtt_ = path.min_rtt;
    frames_since_look_ = 0;
    const double path_holds = static_cast<double>(rate_) *
                              std::chrono::duration<double>(path.min_rtt).count();
    const std::size_t allowed = static_cast<std::size_t>(path_holds) + slack;
    if (path.unacknowledged <= allowed) {
        must_look_ = false;
        wire_free_at_ = now;
        return Clock::duration::zero();
    }
    must_look_ = true;
    return std::clamp(time_for(path.unacknowledged - allowed, rate_), shortest_wait, longest_wait);
}

std::uint64_t QueueRule::best_rate(std::uint64_t newest, bool app_limited, Time now) noexcept {
    if (now - now_.begin > period_length) {
        before_ = now_;
        now_ = {.begin = now, .rate = 0};
    }
    // A sample taken while we had little to send says only that the path carries at least this.
    if (!app_limited || newest > now_.rate)
        now_.rate = std::max(now_.rate, newest);
    return std::max(now_.rate, before_.rate);
}

}  // namespace onlooker::endpoints
