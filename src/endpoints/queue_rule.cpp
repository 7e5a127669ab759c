#include "endpoints/queue_rule.hpp"

#include <algorithm>
#include <cmath>
#include <span>

#include "base/clock.hpp"

namespace onlooker::endpoints {

namespace {

using Seconds = std::chrono::duration<double>;

// What may be left in the queue when the next frame is chosen: what a peer that delays its
// acknowledgements keeps back, two full Ethernet segments, and what leaves while we are waking up.
constexpr double least_slack = 2 * 1448;
constexpr Seconds slack_time{0.003};

// What was acknowledged bounds the rate with this much room, so that a link that becomes faster is
// found out.
constexpr double room = 1.25;

constexpr SteadyClock::duration best_length = std::chrono::seconds(1);
constexpr SteadyClock::duration mark_distance = std::chrono::milliseconds(250);
constexpr SteadyClock::duration mark_age = std::chrono::milliseconds(1'500);
constexpr SteadyClock::duration shortest_wait = std::chrono::milliseconds(1);
constexpr SteadyClock::duration longest_wait = std::chrono::milliseconds(50);
constexpr SteadyClock::duration longest_patience = std::chrono::milliseconds(15);
constexpr SteadyClock::duration most_lateness = std::chrono::milliseconds(10);
// The share of the wire's time that waiting for newer frames may cost.
constexpr double waiting_share = 0.025;

SteadyClock::duration time_for(double octets, double rate) noexcept {
    if (rate <= 0)
        return longest_wait;
    const Seconds time(std::min(octets / rate, 60.0));
    return std::chrono::duration_cast<SteadyClock::duration>(time);
}

}  // namespace

SteadyClock::duration QueueRule::time_to_wait(const http::PathState& path,
                                              SteadyTime now) noexcept {
    static_assert(frame_part_is_last());
    const double best = best_delivery_rate(path, now);
    const double acknowledged = acknowledged_rate(path, now);
    const double rate = acknowledged > 0 ? std::min(best, acknowledged * room) : best;
    frames_since_look_ = 0;
    const double queue =
        static_cast<double>(path.unacknowledged) - rate * Seconds(path.min_rtt).count();
    const double surplus =
        queue - std::max(least_slack, rate * (slack_time + Seconds(lateness_)).count());
    if (surplus <= 0) {
        if (waits_ == 0)
            ++free_in_a_row_;
        note_free_wire(now + time_for(std::max(queue, 0.0), rate));
        return SteadyClock::duration::zero();
    }
    free_in_a_row_ = 0;
    // The best rate may be that of a burst, and the bounded one only as much as we had to send. The
    // truth lies between: waits begin short and double, up to what the lower rate says.
    const SteadyClock::duration growing = shortest_wait * (1 << std::min(waits_++, 5U));
    const SteadyClock::duration wait =
        std::min(std::max(growing, time_for(surplus, best)), time_for(surplus, rate));
    return std::clamp(wait, shortest_wait, longest_wait);
}

// Quickly up and slowly down: a wake that comes too late costs more than one that comes too early.
void QueueRule::woke(SteadyClock::duration late) noexcept {
    const decltype(lateness_) bounded =
        std::clamp(late, SteadyClock::duration::zero(), most_lateness);
    lateness_ += (bounded - lateness_) / (bounded > lateness_ ? 2 : 16);
}

void QueueRule::note_free_wire(SteadyTime free) noexcept {
    const bool was_busy = free_in_a_row_ == 0 && wire_free_ != SteadyTime{};
    frame_time_ = was_busy ? free - wire_free_ : SteadyClock::duration::zero();
    wire_free_ = free;
}

// Among frames that find the wire free at any moment of the period, the share p / period waits, for
// p / 2 in the mean: p * p / (2 * period) of each frame's time on the wire.
SteadyClock::duration QueueRule::patience(SteadyTime now,
                                          SteadyClock::duration period) const noexcept {
    if (frame_time_ <= SteadyClock::duration::zero())
        return SteadyClock::duration::zero();
    const Seconds wait(
        std::sqrt(2 * waiting_share * Seconds(period).count() * Seconds(frame_time_).count()));
    const SteadyClock::duration busy = std::max(wire_free_ - now, SteadyClock::duration::zero());
    const SteadyClock::duration in_time =
        busy + std::chrono::duration_cast<SteadyClock::duration>(wait) - lateness_;
    return std::clamp(in_time, SteadyClock::duration::zero(), longest_patience);
}

double QueueRule::best_delivery_rate(const http::PathState& path, SteadyTime now) noexcept {
    if (now - now_.begin > best_length) {
        before_ = now_;
        now_ = {.begin = now, .rate = 0};
    }
    now_.rate = std::max(now_.rate, static_cast<double>(path.delivery_rate));
    return std::max(now_.rate, before_.rate);
}

// The best half second of the last one and a half; zero while that is not known. The mean would
// take a short stop, as BBR makes one every ten seconds to measure the round trip, for a slower
// link.
double QueueRule::acknowledged_rate(const http::PathState& path, SteadyTime now) noexcept {
    const auto newest = marks_.begin() + static_cast<std::ptrdiff_t>(mark_count_);
    const auto oldest = std::find_if(
        marks_.begin(), newest, [now](const Mark& mark) { return now - mark.when <= mark_age; });
    mark_count_ =
        static_cast<std::uint32_t>(std::move(oldest, newest, marks_.begin()) - marks_.begin());
    if (mark_count_ == 0 ||
        (now - marks_[mark_count_ - 1].when >= mark_distance && mark_count_ < marks_.size()))
        marks_[mark_count_++] = {.when = now, .acknowledged = path.acknowledged};
    const auto known = std::span(marks_).first(mark_count_);
    double best = 0;
    for (std::size_t first = 0; first < known.size(); ++first) {
        best = std::max(
            best, rate_between(known[first], {.when = now, .acknowledged = path.acknowledged}));
        for (const Mark& last : known.subspan(first))
            best = std::max(best, rate_between(known[first], last));
    }
    return best;
}

// Zero for a span so short that it says little.
double QueueRule::rate_between(const Mark& first, const Mark& last) noexcept {
    const Seconds passed = last.when - first.when;
    if (passed < mark_distance * 2)
        return 0;
    return static_cast<double>(last.acknowledged - first.acknowledged) / passed.count();
}

}  // namespace onlooker::endpoints
