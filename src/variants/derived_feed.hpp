// A feed whose frames come from another one: what variants and paced feeds have in common. To its
// source it is one more viewer, to its own viewers it is a camera.
//
// While somebody looks at it, it looks at its source, and keeps that awake; it shows the source's
// condition as its own. When the last one leaves it rests, and forgets what it showed, so that
// whoever comes next does not see what the last one saw.
//
// Owner: variants/variants.hpp, which destroys it from the top of the loop and never below a call
// of it; its viewers must have gone, and it goes before its source. Thread: the loop.
#pragma once

#include <cstdint>
#include <exception>
#include <memory>

#include "base/awaitable.hpp"
#include "base/lazy_timer.hpp"
#include "base/one_thread.hpp"
#include "base/task.hpp"
#include "camera/feed.hpp"
#include "camera/viewing.hpp"
#include "media/frame.hpp"

namespace onlooker::variants {

class DerivedFeed {
  public:
    DerivedFeed(Executor executor, camera::Feed& source, const camera::Feed::Settings& settings);
    DerivedFeed(const DerivedFeed&) = delete;
    DerivedFeed& operator=(const DerivedFeed&) = delete;

    camera::Feed& feed() noexcept { return feed_; }
    const camera::Feed& feed() const noexcept { return feed_; }

    // Somebody looks.
    bool is_awake() const noexcept { return viewing_ != nullptr; }
    // Somebody has looked.
    bool was_awake() const noexcept { return was_awake_; }

  protected:
    ~DerivedFeed();

    const camera::Feed& source() const noexcept { return source_; }
    // Only while it is awake.
    void publish(media::FramePtr frame);

  private:
    // A frame of the source, each once.
    virtual void on_frame(const media::FramePtr& frame) = 0;
    virtual void on_wake() = 0;
    virtual void on_rest() noexcept = 0;

    void on_viewers() noexcept;
    void wake();
    void look();
    void rest() noexcept;
    Task follow_source();
    void on_end(const std::exception_ptr& failure) noexcept;
    void try_again_after(const std::exception& error) noexcept;
    void take_newest();
    void mirror_condition();

    [[no_unique_address]] OneThread loop_;
    camera::Feed& source_;
    camera::Feed feed_;
    std::unique_ptr<camera::Viewing> viewing_;
    bool was_awake_ = false;
    bool follows_ = false;  // its task runs
    bool shows_ = false;    // something, since the source went live
    camera::Feed::Interrupt interrupt_;
    std::uint64_t seen_ = 0;        // edition of the source
    std::uint64_t seen_frame_ = 0;  // the same of its last frame
    LazyTimer try_again_;
};

}  // namespace onlooker::variants
