// A feed that shows fewer frames of another one, evenly, for all that ask for the same rate: a
// camera's, or a variant's. Without a timer where the source's own frames carry it, and with one
// for all where they do not. Cards are shown as they come.
//
// Owner: variants/variants.hpp. Thread: the loop.
#pragma once

#include <cstdint>

#include "base/awaitable.hpp"
#include "base/lazy_timer.hpp"
#include "camera/feed.hpp"
#include "media/frame.hpp"
#include "variants/derived_feed.hpp"
#include "variants/even_pace.hpp"

namespace onlooker::variants {

class PacedFeed final : public DerivedFeed {
  public:
    // Frames per second; more than 0.
    PacedFeed(Executor executor, camera::Feed& source, const camera::Feed::Settings& settings,
              double rate);
    PacedFeed(const PacedFeed&) = delete;
    PacedFeed& operator=(const PacedFeed&) = delete;
    ~PacedFeed() = default;

    double rate() const noexcept { return rate_; }
    std::uint64_t frames() const noexcept { return frames_; }

  private:
    void on_frame(const media::FramePtr& frame) override;
    void on_wake() override {}
    void on_rest() noexcept override;

    void on_time();
    void show(const media::FramePtr& frame);
    void set_timer();

    double rate_;
    EvenPace pace_;
    media::FramePtr newest_;  // that may still be shown
    std::uint64_t frames_ = 0;
    LazyTimer timer_;
};

}  // namespace onlooker::variants
