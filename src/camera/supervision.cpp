#include "camera/supervision.hpp"

#include <algorithm>
#include <utility>

#include "base/clock.hpp"

namespace onlooker::camera {

std::string_view to_string(Supervision::State state) noexcept {
    switch (state) {
        case Supervision::State::idle:
            return "idle";
        case Supervision::State::starting:
            return "starting";
        case Supervision::State::live:
            return "live";
        case Supervision::State::lingering:
            return "lingering";
        case Supervision::State::faulted:
            return "faulted";
    }
    return "unknown";
}

Supervision::Supervision(const Settings& settings)
    : settings_(settings),
      backoff_(settings.retry_first, settings.retry_last, settings.jitter_seed),
      login_backoff_(settings.retry_login_first, settings.retry_login_last, settings.jitter_seed) {}

Supervision::Orders Supervision::on_viewers(std::size_t count, SteadyTime now) {
    Orders orders;
    viewers_ = count;
    if (wanted()) {
        unwatched_since_.reset();
        if (state_ == State::idle)
            begin_from_idle(orders, now);
        else if (state_ == State::lingering)
            state_ = State::live;
    } else {
        if (!unwatched_since_)
            unwatched_since_ = now;
        if (state_ == State::live)
            state_ = State::lingering;
        if (settings_.idle_after == std::chrono::milliseconds::zero())
            become_idle(orders, now);
    }
    decide_card(orders, false, now);
    return orders;
}

std::optional<Supervision::Orders> Supervision::on_frame(SteadyTime now) {
    if (driver_ != DriverState::running)
        return std::nullopt;  // on its way when the driver was asked to stop
    const State state_before = state_;
    const bool had_fault = fault_.has_value();
    const SteadyTime deadline_before = stall_deadline();
    learn_frame_time(now);
    if (!last_frame_)
        first_frame_ = now;
    last_frame_ = now;
    on_show_ = true;
    silence_.clear();
    fault_.reset();
    retry_at_.reset();
    // Not with the first one: there are cameras that give one picture and die, each time.
    if (now - first_frame_ >= settings_.healthy_after) {
        backoff_.reset();
        login_backoff_.reset();
    }
    state_ = wanted() ? State::live : State::lingering;
    Orders orders;
    decide_card(orders, false, now);
    if (state_ == state_before && !had_fault && orders == Orders{} &&
        stall_deadline() >= deadline_before)
        return std::nullopt;
    return orders;
}

// A slow mean: one late frame does not loosen the watch, a new rate is learnt in seconds.
void Supervision::learn_frame_time(SteadyTime now) noexcept {
    if (!last_frame_ || state_ == State::starting)
        return;
    const std::chrono::duration<double> passed = now - *last_frame_;
    measured_frame_time_ =
        measured_frame_time_.count() > 0 ? measured_frame_time_ * 0.9 + passed * 0.1 : passed;
}

Supervision::Orders Supervision::on_end(const std::optional<Fault>& fault, SteadyTime now) {
    Orders orders;
    driver_ = DriverState::none;
    if (state_ == State::idle) {
        // Stopped for want of viewers; one may have come since.
        if (wanted())
            begin_from_idle(orders, now);
    } else if (state_ != State::faulted) {
        fail(orders, fault.value_or(Fault{ErrorKind::failed, "the driver stopped by itself"}), now);
    } else if (!retry_at_) {
        wait_for_retry(now);
    }
    decide_card(orders, false, now);
    return orders;
}

Supervision::Orders Supervision::on_time(SteadyTime now) {
    Orders orders;
    if (driver_ == DriverState::stopping && now >= stop_asked_at_ + settings_.stop_within)
        abandon(orders, now);
    if (unwatched_since_ && state_ != State::idle &&
        now >= *unwatched_since_ + settings_.idle_after) {
        become_idle(orders, now);
    } else if (state_ == State::starting && now >= first_frame_deadline()) {
        fail(orders, silent_fault("it is open, but sends no picture"), now);
    } else if (gives_pictures() && now >= stall_deadline()) {
        fail(orders, silent_fault("it has stopped sending pictures"), now);
    } else if (state_ == State::faulted && driver_ == DriverState::none && retry_at_ &&
               now >= *retry_at_) {
        open(orders, now);
    }
    decide_card(orders, false, now);
    return orders;
}

Supervision::Orders Supervision::on_device_appeared(SteadyTime now) {
    Orders orders;
    if (state_ == State::faulted && driver_ == DriverState::none && !given_up()) {
        // The first try may come before udev has granted access, so the second must be soon.
        backoff_.reset();
        const SteadyTime soonest = opened_at_ + settings_.retry_apart;
        if (now >= soonest)
            open(orders, now);
        else
            retry_at_ = std::min(retry_at_.value_or(soonest), soonest);
    }
    decide_card(orders, false, now);
    return orders;
}

Supervision::Orders Supervision::change(const Settings& settings, bool again, SteadyTime now) {
    Orders orders;
    settings_ = settings;
    backoff_ = Backoff(settings.retry_first, settings.retry_last, settings.jitter_seed);
    if (again && !given_up()) {
        become_idle(orders, now);
        // What the driver before it met with is no concern of the next one.
        refused_.reset();
        failed_at_.reset();
        login_backoff_.reset();
    }
    // Whether somebody wants it may have changed, too. It opens now, or when the driver before it
    // has ended.
    const Orders more = on_viewers(viewers_, now);
    orders.open = more.open;
    orders.stop = orders.stop || more.stop;
    orders.card_again = more.card_again;
    return orders;
}

Supervision::Orders Supervision::close(SteadyTime now) {
    Orders orders;
    closed_ = true;
    become_idle(orders, now);
    decide_card(orders, false, now);
    return orders;
}

Fault Supervision::silent_fault(std::string_view words) const {
    return silence_.empty() ? Fault{ErrorKind::no_signal, std::string(words)}
                            : Fault{ErrorKind::failed, silence_};
}

void Supervision::open(Orders& orders, SteadyTime now) {
    if (driver_ == DriverState::stopping) {
        // The one from before still holds the device; on_end() opens again.
        return;
    }
    if (given_up())
        return give_up();
    orders.open = true;
    driver_ = DriverState::running;
    state_ = State::starting;
    opened_at_ = now;
    last_frame_.reset();
    measured_frame_time_ = {};
    silence_.clear();
    retry_at_.reset();
    refused_.reset();
}

void Supervision::stop(Orders& orders, SteadyTime now) {
    if (driver_ != DriverState::running)
        return;
    orders.stop = true;
    driver_ = DriverState::stopping;
    stop_asked_at_ = now;
}

void Supervision::fail(Orders& orders, Fault fault, SteadyTime now) {
    stop(orders, now);
    if (fault.kind == ErrorKind::unplugged)
        picture_until_ = SteadyTime::min();
    else if (last_frame_)
        picture_until_ = stall_deadline();
    const bool words_changed = fault_ != fault;
    fault_ = std::move(fault);
    failed_at_ = now;
    state_ = State::faulted;
    wait_for_retry(now);
    decide_card(orders, words_changed, now);
}

void Supervision::abandon(Orders& orders, SteadyTime now) {
    orders.abandon = true;
    ++abandoned_;
    driver_ = DriverState::none;
    if (state_ == State::idle) {
        // Stopped for want of viewers; one may have come since.
        if (wanted())
            begin_from_idle(orders, now);
        return;
    }
    if (given_up()) {
        give_up();
    } else {
        fault_ = Fault{ErrorKind::failed, "its driver does not come back"};
        wait_for_retry(now);
    }
    decide_card(orders, true, now);
}

// Each further driver would be one more hanging thread.
void Supervision::give_up() {
    fault_ = Fault{ErrorKind::failed,
                   "its driver does not come back, too often: restart the server to try again"};
    state_ = State::faulted;
    retry_at_.reset();
}

void Supervision::become_idle(Orders& orders, SteadyTime now) {
    stop(orders, now);
    if (gives_pictures())
        picture_until_ = stall_deadline();
    state_ = State::idle;
    on_show_ = false;
    fault_.reset();
    retry_at_.reset();
}

void Supervision::decide_card(Orders& orders, bool words_changed, SteadyTime now) {
    const bool slow_start =
        state_ == State::starting && !fault_ && now >= opened_at_ + settings_.starting_card_after;
    const bool without_picture = fault_.has_value() && !holds_picture(now);
    const bool wants = viewers_ > 0 && !closed_ && (without_picture || slow_start);
    const bool next_try_moved = retry_at_ && retry_at_ != card_retry_at_;
    if (wants != wants_card_ || (wants && (words_changed || next_try_moved))) {
        orders.card_again = true;
        card_retry_at_ = retry_at_;
    }
    wants_card_ = wants;
}

std::chrono::duration<double> Supervision::frame_time() const noexcept {
    const std::chrono::duration<double> nominal(
        settings_.nominal_rate > 0 ? 1 / settings_.nominal_rate : 0);
    return std::max(nominal, measured_frame_time_);
}

SteadyTime Supervision::first_frame_deadline() const noexcept {
    return opened_at_ + std::max<SteadyClock::duration>(
                            settings_.first_frame_within,
                            std::chrono::duration_cast<SteadyClock::duration>(frame_time() * 2));
}

SteadyTime Supervision::stall_deadline() const noexcept {
    auto each = frame_time();
    if (each.count() <= 0)
        each = std::chrono::seconds(1);  // unknown after one picture; a poll's is about that
    const auto patience = std::max<SteadyClock::duration>(
        settings_.stall_at_least,
        std::chrono::duration_cast<SteadyClock::duration>(each * settings_.stall_frames));
    return last_frame_.value_or(opened_at_) + patience;
}

std::optional<SteadyTime> Supervision::next_deadline() const noexcept {
    std::optional<SteadyTime> next;
    const auto consider = [&next](SteadyTime time) { next = next ? std::min(*next, time) : time; };
    if (driver_ == DriverState::stopping)
        consider(stop_asked_at_ + settings_.stop_within);
    if (unwatched_since_ && state_ != State::idle)
        consider(*unwatched_since_ + settings_.idle_after);
    if (state_ == State::starting) {
        consider(first_frame_deadline());
        if (!wants_card_ && viewers_ > 0 && !fault_)
            consider(opened_at_ + settings_.starting_card_after);
    }
    if (gives_pictures())
        consider(stall_deadline());
    if (fault_ && viewers_ > 0 && !wants_card_ && on_show_)
        consider(picture_until_);
    if (state_ == State::faulted && driver_ == DriverState::none && retry_at_)
        consider(*retry_at_);
    return next;
}

}  // namespace onlooker::camera
