#include "clips/pre_roll.hpp"

#include <algorithm>
#include <iterator>

#include "clips/frame_queue.hpp"

namespace onlooker::clips {

namespace {

// The object, its reference count, and what the heap adds to two allocations.
constexpr std::size_t octets_beside_jpeg = sizeof(media::Frame) + 256;

std::size_t octets_of(const media::Frame& frame) noexcept {
    return frame.jpeg().size() + octets_beside_jpeg;
}

}  // namespace

void PreRoll::limit(Limits limits) {
    limits_ = limits;
    trim();
}

void PreRoll::add(const media::FramePtr& frame) {
    frames_.push_back(without_planes(frame));
    octets_ += octets_of(*frame);
    trim();
}

void PreRoll::trim() {
    const auto is_too_old = [this](const media::Frame& frame) {
        return frames_.back()->stamps().captured - frame.stamps().captured > limits_.time;
    };
    while (!frames_.empty() && (octets_ > limits_.octets || is_too_old(*frames_.front()))) {
        octets_ -= octets_of(*frames_.front());
        frames_.pop_front();
    }
}

std::vector<media::FramePtr> PreRoll::since(SteadyTime begin) const {
    std::vector<media::FramePtr> found;
    std::ranges::copy_if(frames_, std::back_inserter(found),
                         [begin](const auto& frame) { return frame->stamps().captured >= begin; });
    return found;
}

}  // namespace onlooker::clips
