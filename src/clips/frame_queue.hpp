// The frames of one clip that its reader has not taken yet, so that a link that stops for a moment
// loses none. When it is full the newest is left out, and counted: what is there already keeps its
// place, and the clip goes on with a gap.
//
// A frame is shared with everybody else who shows it. What it was encoded from is not kept: a few
// of these would be the memory of hundreds of frames.
//
// Owner: the clip's source. Thread: the loop. Units: octets of JPEG.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

#include "media/frame.hpp"

namespace onlooker::clips {

// The frame, or a copy without its planes if it has such.
media::FramePtr without_planes(const media::FramePtr& frame);

class FrameQueue {
  public:
    // Whichever is reached first. Five seconds of a camera that gives 30 frames of 100 KB.
    struct Limits {
        std::size_t octets = std::size_t{16} * 1024 * 1024;
        std::size_t frames = 1'000;
    };

    explicit FrameQueue(Limits limits) noexcept : limits_(limits) {}

    // What came before the clip was asked for. It is all taken, and as much again fits behind it:
    // while the reader catches up, the camera goes on.
    void begin_with(const std::vector<media::FramePtr>& frames);

    // False: it is full, and this one is left out. One always fits into an empty queue.
    bool push(const media::FramePtr& frame);

    // The oldest; null: it is empty.
    media::FramePtr pop() noexcept;
    void clear() noexcept;

    bool empty() const noexcept { return frames_.empty(); }
    std::size_t octets() const noexcept { return octets_; }
    std::uint64_t left_out() const noexcept { return left_out_; }

  private:
    Limits limits_;
    std::deque<media::FramePtr> frames_;
    std::size_t octets_ = 0;
    std::uint64_t left_out_ = 0;
};

}  // namespace onlooker::clips
