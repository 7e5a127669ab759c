// The last frames of one camera, so that a clip can begin before it was asked for: those of the
// last so many seconds, and of them as many as the memory that it is given holds.
//
// Owner: its watch (pre_rolls.hpp). Thread: the loop. Units: octets of JPEG, and some for each
// frame's own account.
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <vector>

#include "base/clock.hpp"
#include "media/frame.hpp"

namespace onlooker::clips {

class PreRoll {
  public:
    struct Limits {
        std::chrono::milliseconds time{0};
        std::size_t octets = 0;
    };

    // What is more than that goes at once.
    void limit(Limits limits);

    // The oldest make room. A frame that is larger than the memory is not kept.
    void add(const media::FramePtr& frame);

    // Those captured since then, the oldest first.
    std::vector<media::FramePtr> since(SteadyTime begin) const;

    std::size_t octets() const noexcept { return octets_; }
    std::size_t frames() const noexcept { return frames_.size(); }

  private:
    void trim();

    Limits limits_;
    std::deque<media::FramePtr> frames_;
    std::size_t octets_ = 0;
};

}  // namespace onlooker::clips
