#include "clips/frame_queue.hpp"

#include <array>
#include <utility>

namespace onlooker::clips {

media::FramePtr without_planes(const media::FramePtr& frame) {
    if (!frame->planes())
        return frame;
    const std::array jpeg{frame->jpeg()};
    return media::Frame::make({.number = frame->number(),
                               .width = frame->width(),
                               .height = frame->height(),
                               .stamps = frame->stamps(),
                               .is_card = frame->is_card(),
                               .fields = frame->fields()},
                              jpeg);
}

void FrameQueue::begin_with(const std::vector<media::FramePtr>& frames) {
    std::size_t octets = 0;
    for (const media::FramePtr& frame : frames) {
        frames_.push_back(without_planes(frame));
        octets += frame->jpeg().size();
    }
    octets_ += octets;
    limits_.octets += 2 * octets;
    limits_.frames += 2 * frames.size();
}

bool FrameQueue::push(const media::FramePtr& frame) {
    const std::size_t octets = frame->jpeg().size();
    if (!frames_.empty() &&
        (frames_.size() >= limits_.frames || octets_ + octets > limits_.octets)) {
        ++left_out_;
        return false;
    }
    frames_.push_back(without_planes(frame));
    octets_ += octets;
    return true;
}

media::FramePtr FrameQueue::pop() noexcept {
    if (frames_.empty())
        return nullptr;
    media::FramePtr frame = std::move(frames_.front());
    frames_.pop_front();
    octets_ -= frame->jpeg().size();
    return frame;
}

void FrameQueue::clear() noexcept {
    frames_.clear();
    octets_ = 0;
}

}  // namespace onlooker::clips
