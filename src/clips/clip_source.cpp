#include "clips/clip_source.hpp"

#include <algorithm>
#include <exception>
#include <utility>

#include "base/logging.hpp"
#include "base/running_clock.hpp"

namespace onlooker::clips {

ClipSource::ClipSource(Executor executor, endpoints::CameraPtr camera, variants::View view,
                       Viewer viewer, const Settings& settings)
    : settings_(settings),
      camera_(std::move(camera)),
      view_(std::move(view)),
      viewing_(*view_.feed, std::move(viewer.description)),
      place_(std::move(viewer.count), camera_->name(), viewer.address),
      queue_(settings.queue),
      timer_(executor, [this] { on_time(); }),
      waiting_(executor) {
    viewing_.observe(*this);
}

ClipSource::~ClipSource() {
    place_.leave({.frames = viewing_.frames(), .octets = acknowledged_});
}

void ClipSource::sent_through(const http::Transport* transport) noexcept {
    if (transport_ != nullptr)
        acknowledged_ = transport_->path().acknowledged;
    transport_ = transport;
}

camera::Viewing::Progress ClipSource::progress() const noexcept {
    camera::Viewing::Progress progress{
        .edition = seen_, .queued = queue_.octets(), .acknowledged = acknowledged_};
    if (transport_ != nullptr) {
        progress.queued += transport_->unacknowledged();
        progress.acknowledged = transport_->path().acknowledged;
    }
    return progress;
}

void ClipSource::begin(const std::vector<media::FramePtr>& before) {
    const camera::Feed& feed = this->feed();
    // What is shown at first may be long past.
    seen_ = feed.edition();
    seen_frames_ = feed.frames();
    const media::FramePtr now =
        feed.condition().live && feed.showing() && !feed.showing()->is_card() ? feed.showing()
                                                                              : nullptr;
    std::vector<media::FramePtr> earlier = before;
    if (now)
        std::erase_if(earlier,
                      [&now](const auto& frame) { return frame->number() >= now->number(); });
    if (!earlier.empty()) {
        queue_.begin_with(earlier);
        begins_ = earlier.front()->stamps().wall;
        begin_time();
    }
    if (now)
        take_in(now);
    start(read(), [self = shared_from_this()](const std::exception_ptr& failure) {
        self->over_ = true;
        try {
            if (failure)
                std::rethrow_exception(failure);
        } catch (const std::exception& error) {
            logging::error("camera {}: a clip of it ends early: {}", self->feed().name(),
                           error.what());
        }
        self->ring();
    });
}

void ClipSource::end() {
    // The task may be the last that keeps it.
    const auto self = shared_from_this();
    over_ = true;
    interrupt_.raise();
}

Task ClipSource::read() {
    while (!over_ && !feed().condition().over) {
        if (feed().has_newer(seen_)) {
            look();
            continue;
        }
        // Whoever waits for the first frame looks at whether there is hope.
        waiting_.cancel();
        co_await view_.feed->newer(seen_, interrupt_);
    }
}

void ClipSource::look() {
    const bool is_new = seen_ < feed().frame_edition();
    seen_ = feed().edition();
    const std::uint64_t shown = feed().frames() - std::exchange(seen_frames_, feed().frames());
    if (!is_new || feed().showing()->is_card())
        return;
    // The timer of a busy loop may be late.
    if (ends_ && RunningClock::now() >= *ends_) {
        over_ = true;
        return;
    }
    if (is_time_lapse() && ends_)
        return;  // by the clock
    if (ends_ && shown > 1)
        missed_ += shown - 1;
    take_in(feed().showing());
}

void ClipSource::take_in(const media::FramePtr& frame) {
    queue_.push(frame);
    if (!ends_) {
        begins_ = frame->stamps().wall;
        begin_time();
    }
    ring();
}

void ClipSource::begin_time() {
    const SteadyTime now = RunningClock::now();
    ends_ = now + settings_.length;
    next_ = now + settings_.every;
    set_timer();
}

void ClipSource::set_timer() {
    timer_.set(is_time_lapse() ? std::min(next_, *ends_) : *ends_);
}

void ClipSource::on_time() {
    if (over_ || !ends_)
        return;
    const SteadyTime now = RunningClock::now();
    if (now >= *ends_)
        return end();
    if (is_time_lapse() && now >= next_) {
        // Those that were due while this machine slept are not made up for.
        while (next_ <= now)
            next_ += settings_.every;
        if (feed().condition().live && feed().showing() && !feed().showing()->is_card())
            take_in(feed().showing());
    }
    set_timer();
}

void ClipSource::ring() {
    waiting_.cancel();
    if (ring_)
        ring_();
}

Awaitable<bool> ClipSource::first_frame(http::Conversation* conversation, SteadyTime limit) {
    const auto self = shared_from_this();
    bool left = false;
    if (conversation != nullptr)
        conversation->on_leave([this, &left] {
            left = true;
            waiting_.cancel();
        });
    while (queue_.empty() && !over_ && !left && !feed().condition().hopeless &&
           RunningClock::now() < limit) {
        waiting_.expires_at(limit);
        co_await waiting_.async_wait(as_result);
    }
    if (conversation != nullptr)
        conversation->on_leave({});
    co_return !queue_.empty();
}

}  // namespace onlooker::clips
