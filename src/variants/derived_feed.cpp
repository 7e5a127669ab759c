#include "variants/derived_feed.hpp"

#include <spdlog/spdlog.h>

#include <cassert>
#include <chrono>
#include <exception>
#include <memory>
#include <utility>

#include "base/clock.hpp"
#include "base/limited_log.hpp"
#include "base/running_clock.hpp"

namespace onlooker::variants {

DerivedFeed::DerivedFeed(Executor executor, camera::Feed& source,
                         const camera::Feed::Settings& settings)
    : source_(source),
      feed_(executor, source.name(), settings, [this] { on_viewers(); }),
      try_again_(executor, [this] { on_viewers(); }) {}

DerivedFeed::~DerivedFeed() {
    assert(loop_.is_here() && !viewing_ && !follows_);
}

void DerivedFeed::on_viewers() noexcept {
    if (feed_.viewers() == 0)
        return rest();
    try {
        wake();
    } catch (const std::exception& error) {
        try_again_after(error);
    }
}

void DerivedFeed::wake() {
    if (!viewing_) {
        was_awake_ = true;
        on_wake();
        try {
            look();
        } catch (...) {
            on_rest();
            throw;
        }
    } else if (!source_.condition().live) {
        look();
    }
    if (follows_)
        return;
    Task task = follow_source();
    follows_ = true;
    try {
        start(std::move(task), [this](const std::exception_ptr& failure) { on_end(failure); });
    } catch (...) {
        follows_ = false;
        throw;
    }
}

// As one viewer, with the longest chain of relays through which somebody looks. The source learns
// of it when it opens, which may be long after the first viewer came.
void DerivedFeed::look() {
    camera::Viewing::Description description;
    feed_.for_each_viewing([&description](const camera::Viewing& viewing) {
        if (viewing.description().via.size() > description.via.size())
            description.via = viewing.description().via;
    });
    if (viewing_ && viewing_->description().via == description.via)
        return;
    // The old one goes after the new one has come, so that the source does not rest in between.
    auto viewing = std::make_unique<camera::Viewing>(source_, std::move(description));
    std::swap(viewing_, viewing);
}

void DerivedFeed::rest() noexcept {
    if (!viewing_)
        return;
    viewing_.reset();
    feed_.clear();
    shows_ = false;
    seen_ = seen_frame_ = 0;
    on_rest();
    // The task ends now or, if this is below a call of it, when that returns.
    interrupt_.raise();
}

Task DerivedFeed::follow_source() {
    while (viewing_) {
        mirror_condition();
        if (!viewing_)
            break;  // with hope the last viewer has gone
        if (source_.has_newer(seen_))
            take_newest();
        else
            co_await source_.newer(seen_, interrupt_);
    }
}

void DerivedFeed::on_end(const std::exception_ptr& failure) noexcept {
    follows_ = false;
    if (!failure)
        return;
    try {
        std::rethrow_exception(failure);
    } catch (const std::exception& error) {
        try_again_after(error);
    }
}

void DerivedFeed::try_again_after(const std::exception& error) noexcept {
    thread_local LimitedLog log;
    try {
        log.write(spdlog::level::err, "camera {}: a variant missed something: {}", feed_.name(),
                  error.what());
        if (feed_.viewers() > 0)
            try_again_.set(RunningClock::now() + std::chrono::milliseconds(100));
    } catch (const std::exception&) {  // NOLINT(bugprone-empty-catch)
        // Without any memory the next viewer brings it about.
    }
}

void DerivedFeed::take_newest() {
    seen_ = source_.edition();
    if (seen_frame_ == source_.frame_edition())
        return;  // the same once more: this feed repeats by itself
    seen_frame_ = source_.frame_edition();
    if (!source_.showing()->is_card())
        viewing_->count_frame(source_.edition_time());
    on_frame(source_.showing());
}

void DerivedFeed::publish(media::FramePtr frame) {
    assert(loop_.is_here());
    if (!viewing_)
        return;
    shows_ = shows_ || !frame->is_card();
    mirror_condition();
    if (viewing_)
        feed_.publish(std::move(frame));
}

// It is live once it shows a picture, and not as soon as the source is. Viewers whose hope is lost
// run before this returns, and may all leave.
void DerivedFeed::mirror_condition() {
    camera::Feed::Condition condition = source_.condition();
    if (!condition.live) {
        shows_ = false;
        look();
    }
    condition.live = condition.live && shows_;
    feed_.set_condition(std::move(condition));
}

}  // namespace onlooker::variants
