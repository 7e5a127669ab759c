#include "camera/frame_signal.hpp"

#include <asio/post.hpp>

#include <cassert>
#include <utility>

namespace onlooker::camera {

void FrameSignal::Wait::await_suspend(std::coroutine_handle<> waiting) {
    coroutine_ = waiting;
    due_ = false;
    place_ = signal_.waiting_.size();
    signal_.waiting_.push_back(this);
}

void FrameSignal::Wait::wake() {
    if (!coroutine_)
        return;
    signal_.remove(*this);
    std::exchange(coroutine_, {}).resume();
}

FrameSignal::~FrameSignal() {
    assert(waiting_.empty() && due_head_ == due_.size());
}

void FrameSignal::wake_all() {
    move_waiting_to_due();
    // While a turn is posted it does the work, in order.
    if (!turn_is_posted_)
        resume_batch();
}

void FrameSignal::move_waiting_to_due() {
    const std::size_t count = waiting_.size();
    if (count == 0)
        return;
    drop_served();
    // They stand in the order in which they were served last. Beginning near the golden section of
    // that order gives everybody the first and the last places equally often.
    const std::size_t first_served = count * 618 / 1000;
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t from = first_served + i;
        Wait* wait = waiting_[from < count ? from : from - count];
        wait->due_ = true;
        wait->place_ = due_.size();
        due_.push_back(wait);
    }
    waiting_.clear();
}

void FrameSignal::resume_batch() {
    for (std::size_t i = 0; i < batch_size && due_head_ < due_.size(); ++i) {
        Wait* wait = due_[due_head_++];
        // The coroutine of the one after the next is fetched meanwhile: with thousands of viewers
        // none of them is in the cache any more.
        if (due_head_ + 1 < due_.size())
            __builtin_prefetch(due_[due_head_ + 1]);
        if (wait != nullptr)
            std::exchange(wait->coroutine_, {}).resume();
    }
    if (due_head_ == due_.size()) {
        due_.clear();
        due_head_ = 0;
        return;
    }
    turn_is_posted_ = true;
    asio::post(executor_, [this] {
        turn_is_posted_ = false;
        resume_batch();
    });
}

// A loop that is never done with one frame before the next comes never empties the queue.
void FrameSignal::drop_served() noexcept {
    if (due_head_ == 0)
        return;
    due_.erase(due_.begin(), due_.begin() + static_cast<std::ptrdiff_t>(due_head_));
    due_head_ = 0;
    for (std::size_t i = 0; i < due_.size(); ++i) {
        if (due_[i] != nullptr)
            due_[i]->place_ = i;
    }
}

void FrameSignal::remove(Wait& wait) noexcept {
    if (wait.due_) {
        due_[wait.place_] = nullptr;
        return;
    }
    waiting_.back()->place_ = wait.place_;
    waiting_[wait.place_] = waiting_.back();
    waiting_.pop_back();
}

}  // namespace onlooker::camera
