#include "variants/auto_size.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/clock.hpp"

namespace onlooker::variants {

namespace {

using namespace std::chrono_literals;
using Seconds = std::chrono::duration<double>;

constexpr SteadyClock::duration shortest_window = 500ms;
// Before the first window: the connection's slow start; after a step: what is under way of the one
// before.
constexpr SteadyClock::duration settling_at_first = 300ms;
constexpr SteadyClock::duration settling = 200ms;
constexpr int round_trips_of_slow_start = 12;

// Of all frames, or of time.
constexpr double nearly_all = 0.95;
constexpr double always = 0.9;
constexpr double regularly = 0.8;
// A window that says no more than this of the time for which the link was busy.
constexpr double least_busy = 1.0 / 32;

constexpr double wished_share = 5.0 / 6;
constexpr double wished_rate = 15;
// In terms of the wish: what a step must carry to be chosen on the way down, and on the way up;
// below what it is left without a second look; and from what on the next one is worth a trial.
constexpr double chosen_from = 1.14;
constexpr double room = 1.25;
constexpr double very_poor = 0.75;
// So many windows in succession, one fewer where they are very poor. BBR sends next to nothing for
// a fifth of a second in every ten, which may lie in two windows: a step that was carried is not
// left for that.
constexpr unsigned poor_windows = 2;
constexpr unsigned poor_windows_of_carried = 3;
constexpr double worth_a_trial = 0.85;

constexpr SteadyClock::duration fails_within = 15s;
// Before a step that was never left is tried; and before one that was.
constexpr SteadyClock::duration wait_for_trial = 20s;
constexpr SteadyClock::duration wait_after_failure = 120s;
constexpr SteadyClock::duration longest_wait = 960s;
// A link that looks so much faster than when the step failed is another link.
constexpr double another_link = 1.5;

// A viewer's program that stops for a while holds back one window, or some without a frame; one
// that is slow holds back all of them.
constexpr unsigned stops_of_slow_one = 4;

constexpr unsigned frames_in_mean = 16;

// A picture of half the width and height has a quarter of the pixels and somewhat more than a
// quarter of the octets.
double usual_share(unsigned eighths) {
    return std::pow(eighths / 8.0, 2 * 0.8);
}

}  // namespace

AutoSize::AutoSize(double min_rate) noexcept : min_rate_(min_rate) {
    std::ranges::transform(eighths, share_.begin(), usual_share);
}

void AutoSize::limit(unsigned largest) noexcept {
    if (limit_ == largest)
        return;
    limit_ = largest;
    for (Step step = 0; step < share_.size(); ++step)
        share_[step] = usual_share(eighths_of(step)) / usual_share(limit_);
}

std::optional<AutoSize::Step> AutoSize::look(const Path& path, const Frames& frames,
                                             SteadyTime now) noexcept {
    if (is_asked_)
        return std::nullopt;
    const auto seen = window(path, frames, now);
    if (!seen || octets_ <= 0)
        return std::nullopt;
    capacity_ = seen->capacity;
    all_arrive_ = seen->in_time;
    if (!seen->in_time)
        full_ = seen->capacity;
    const double wished = wish(seen->rate);
    auto next = smaller(*seen, wished);
    if (next) {
        const bool failed_up = up_ && now - up_->when < fails_within;
        if (failed_up)
            next = std::min(*next, up_->from);  // that one was carried
        note_failure(failed_up ? up_->evidence : seen->capacity, now);
        up_.reset();
    } else {
        next = larger(*seen, wished, now);
    }
    is_asked_ = next.has_value();
    return next;
}

// Nothing while it is still too short, or says nothing of the link.
std::optional<AutoSize::Window> AutoSize::window(const Path& path, const Frames& frames,
                                                 SteadyTime now) noexcept {
    if (!settled_) {
        settled_ = now + std::max<SteadyClock::duration>(settling_at_first,
                                                         round_trips_of_slow_start * path.min_rtt);
        changed_ = now;
    }
    const Mark end{.when = now, .path = path, .frames = frames};
    if (!begin_) {
        if (now >= *settled_)
            begin_ = end;
        return std::nullopt;
    }
    const SteadyClock::duration passed = now - begin_->when;
    if (passed < std::max<SteadyClock::duration>(shortest_window, 4 * path.min_rtt) ||
        frames.shown == begin_->frames.shown)
        return std::nullopt;
    if (viewer_stops(end) || path.acknowledged == begin_->path.acknowledged) {
        begin_ = end;
        return std::nullopt;
    }
    Window result;
    result.seconds = Seconds(passed).count();
    const auto shown = static_cast<double>(frames.shown - begin_->frames.shown);
    const auto sent = static_cast<double>(frames.sent - begin_->frames.sent);
    result.rate = frames.rate > 0 ? frames.rate : shown / result.seconds;
    result.in_time = sent + 1 >= nearly_all * shown;  // one may be under way
    result.capacity = capacity_in(end, result);
    begin_ = end;
    return result;
}

bool AutoSize::viewer_stops(const Mark& end) noexcept {
    const SteadyClock::duration stopped = end.path.stopped - begin_->path.stopped;
    if (stopped < (end.when - begin_->when) / 4) {
        stops_ = 0;
        return false;
    }
    if (end.frames.sent != begin_->frames.sent)
        ++stops_;
    return stops_ < stops_of_slow_one;
}

double AutoSize::capacity_in(const Mark& end, Window& window) const noexcept {
    const auto octets = static_cast<double>(end.path.acknowledged - begin_->path.acknowledged);
    const auto sent = static_cast<double>(end.frames.sent - begin_->frames.sent);
    const double round_trips = sent * Seconds(end.path.min_rtt).count();
    double busy = Seconds(end.path.busy - begin_->path.busy).count();
    if (busy < always * window.seconds)
        busy -= round_trips;
    busy = std::clamp(busy, least_busy * window.seconds, window.seconds);
    const double capacity = octets / busy;
    // Always busy, and it is the length of the path that makes it so.
    window.is_bound = window.in_time && busy >= always * window.seconds && round_trips >= busy / 2;
    // The round trip is that of the frames that came, and is stale when they stayed away.
    const auto shown = static_cast<double>(end.frames.shown - begin_->frames.shown);
    if (!window.is_bound || shown < regularly * window.rate * window.seconds)
        return capacity;
    const double spread =
        std::max(Seconds(end.path.rtt - end.path.min_rtt).count(), 0.001 * window.seconds);
    return std::max(capacity, octets_ / (2 * spread));
}

double AutoSize::wish(double source_rate) const noexcept {
    const double wished =
        min_rate_ > 0 ? min_rate_ : std::max(wished_rate, source_rate * wished_share);
    return std::min(wished, source_rate * nearly_all);
}

// What a full link carried is the truth; of one that rests in between, a burst is part.
double AutoSize::capacity() const noexcept {
    return was_full_lately() ? std::min(capacity_, full_) : capacity_;
}

// Bursts may look twice as fast; more is another link.
bool AutoSize::was_full_lately() const noexcept {
    return full_ > 0 && capacity_ < 2 * full_;
}

double AutoSize::octets(Step step) const noexcept {
    return octets_ * share_[step] / share_[step_];
}

double AutoSize::carried(double capacity, Step step) const noexcept {
    return capacity / octets(step);
}

std::optional<AutoSize::Step> AutoSize::smaller(const Window& window, double wish) noexcept {
    const double carries = carried(window.capacity, step_);
    if (window.in_time || carries >= wish) {
        poor_ = 0;
        was_carried_ = true;
        return std::nullopt;
    }
    ++poor_;
    poor_capacity_ += (window.capacity - poor_capacity_) / poor_;
    const bool is_very_poor = carried(poor_capacity_, step_) < very_poor * wish;
    if (eighths_of(step_) == eighths_of(eighths.size() - 1) ||
        poor_ + is_very_poor < (was_carried_ ? poor_windows_of_carried : poor_windows))
        return std::nullopt;
    const double wanted = std::min(chosen_from * wish, window.rate);
    Step next = step_ + 1;
    while (next + 1 < eighths.size() &&
           (eighths_of(next) == eighths_of(step_) || carried(window.capacity, next) < wanted))
        ++next;
    return next;
}

// One at a time: small frames slip through a link in bursts that larger ones do not, and what they
// say of the link is true for the next step at most.
std::optional<AutoSize::Step> AutoSize::larger(const Window& window, double wish,
                                               SteadyTime now) noexcept {
    const bool had_room = std::exchange(had_room_, false);
    if (is_largest())
        return std::nullopt;
    Step next = step_ - 1;
    while (eighths_of(next) == eighths_of(step_))
        --next;
    if (carried(window.capacity, next) < room * wish || !is_allowed(next, window.capacity, now))
        return trial(window, wish, next, now);
    had_room_ = true;
    if (!had_room)
        return std::nullopt;
    up_ = Up{.from = step_, .step = next, .when = now, .evidence = window.capacity};
    return next;
}

bool AutoSize::is_allowed(Step step, double capacity, SteadyTime now) const noexcept {
    const Failure& failure = failed_[step];
    return now >= failure.until || carried(capacity, step) >= another_link * failure.carried;
}

// Where the link was full of what there was to send, or nearly has the room.
std::optional<AutoSize::Step> AutoSize::trial(const Window& window, double wish, Step next,
                                              SteadyTime now) noexcept {
    if (!window.in_time || now - changed_ < wait_for_trial)
        return std::nullopt;
    const bool believed = window.is_bound || full_ <= 0;
    const double capacity = believed ? window.capacity : std::min(window.capacity, full_);
    if (!is_allowed(next, capacity, now) ||
        (!window.is_bound && carried(capacity, next) < worth_a_trial * wish))
        return std::nullopt;
    up_ = Up{.from = step_, .step = next, .when = now, .evidence = window.capacity};
    return next;
}

// Once more, unless it then lasted longer than its wait.
void AutoSize::note_failure(double evidence, SteadyTime now) noexcept {
    Failure& failure = failed_[step_];
    const bool once_more = now < failure.until + failure.wait;
    failure.wait = once_more ? std::min(2 * failure.wait, longest_wait) : wait_after_failure;
    failure.until = now + failure.wait;
    failure.carried = carried(evidence, step_);
}

void AutoSize::moved(Step step, SteadyTime now) noexcept {
    is_asked_ = false;
    step_before_ = step_;
    octets_before_ = octets_;
    step_ = step;
    octets_of_ = 0;
    begin_.reset();
    settled_ = now + settling;
    changed_ = now;
    poor_ = 0;
    was_carried_ = false;
    // So that a link that is free again is followed quickly, once it has shown that it is.
    had_room_ = step_ < step_before_;
}

void AutoSize::refused(SteadyTime now) noexcept {
    is_asked_ = false;
    up_.reset();
    begin_.reset();
    settled_ = now + fails_within;
}

void AutoSize::showed(std::size_t octets) noexcept {
    const auto size = static_cast<double>(octets);
    octets_of_ = std::min(octets_of_ + 1, frames_in_mean);
    octets_ = octets_of_ == 1 ? size : octets_ + (size - octets_) / octets_of_;
    if (octets_before_ > 0 && octets_of_ < frames_in_mean)
        share_[step_] = share_[step_before_] * octets_ / octets_before_;
}

}  // namespace onlooker::variants
