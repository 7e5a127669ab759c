#include "camera/feed.hpp"

#include <cassert>
#include <utility>

#include "base/clock.hpp"
#include "base/running_clock.hpp"

namespace onlooker::camera {

Feed::Feed(Executor executor, std::string name, const Settings& settings,
           std::function<void()> on_viewers)
    : executor_(executor),
      name_(std::move(name)),
      settings_(settings),
      on_viewers_(std::move(on_viewers)),
      signal_(executor),
      timer_(executor, [this] { on_time(); }) {}

Feed::~Feed() {
    assert(viewings_ == nullptr);
}

void Feed::enter(Viewing& viewing) noexcept {
    assert(loop_.is_here());
    viewing.next_ = viewings_;
    if (viewings_ != nullptr)
        viewings_->previous_ = &viewing;
    viewings_ = &viewing;
    ++viewer_count_;
    viewers_changed();
}

void Feed::leave(Viewing& viewing) noexcept {
    assert(loop_.is_here() && viewer_count_ > 0);
    if (viewing.previous_ != nullptr)
        viewing.previous_->next_ = viewing.next_;
    else
        viewings_ = viewing.next_;
    if (viewing.next_ != nullptr)
        viewing.next_->previous_ = viewing.previous_;
    --viewer_count_;
    viewers_changed();
}

void Feed::viewers_changed() noexcept {
    on_viewers_();
    timer_.set(next_repeat());
}

std::optional<SteadyTime> Feed::next_frame_due() const noexcept {
    const double frames_per_second = rate(edition_time_);
    if (frames_per_second <= 0 || is_repeat())
        return std::nullopt;
    const std::chrono::duration<double> period(1 / frames_per_second);
    return edition_time_ + std::chrono::duration_cast<SteadyClock::duration>(period);
}

double Feed::rate(SteadyTime now) const noexcept {
    return condition_.live ? rate_.at(now) : 0;
}

void Feed::publish(media::FramePtr frame) {
    assert(loop_.is_here() && frame);
    ++edition_;
    edition_time_ = SteadyClock::now();
    edition_began_ = RunningClock::at(edition_time_);
    if (frame != showing_) {
        frame_edition_ = edition_;
        ++frames_;
        if (!frame->is_card()) {
            picture_ = frame;
            rate_.frame(edition_time_);
        }
        showing_ = std::move(frame);
    }
    timer_.set(next_repeat());
    signal_.wake_all();
}

void Feed::set_condition(Condition condition) {
    assert(loop_.is_here());
    if (condition == condition_)
        return;
    const bool hope_is_lost =
        (condition.hopeless && !condition_.hopeless) || (condition.over && !condition_.over);
    // The time without pictures is no part of the rate of those that come after it.
    if (!condition.live)
        rate_ = {};
    condition_ = std::move(condition);
    if (hope_is_lost)
        signal_.wake_all();
}

void Feed::clear() noexcept {
    showing_.reset();
}

std::optional<SteadyTime> Feed::next_repeat() const noexcept {
    if (viewer_count_ == 0 || !showing_)
        return std::nullopt;
    return edition_began_ + (is_repeat() ? settings_.repeat_every : settings_.repeat_once_after);
}

void Feed::on_time() {
    if (const auto repeat = next_repeat(); repeat && RunningClock::now() >= *repeat)
        return publish(showing_);
    timer_.set(next_repeat());
}

void Feed::NewerUntil::await_suspend(std::coroutine_handle<> waiting) {
    // First, so that nobody is listed when there is no memory for it.
    deadline_.emplace(newer_.feed_.executor_, limit_ - RunningClock::now(),
                      [this] { newer_.interrupt_.raise(); });
    newer_.await_suspend(waiting);
}

bool Feed::NewerUntil::await_resume() noexcept {
    deadline_.reset();
    return newer_.await_resume();
}

Task Feed::wait_for_newer(std::uint64_t seen, SteadyTime limit) {
    Interrupt interrupt;
    co_await newer(seen, limit, interrupt);
}

Awaitable<bool> Feed::newer(std::uint64_t seen, SteadyTime limit) {
    if (!has_newer(seen))
        co_await run(executor_, wait_for_newer(seen, limit));
    co_return has_newer(seen);
}

}  // namespace onlooker::camera
