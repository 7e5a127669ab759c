#include "camera/frame_signal.hpp"

#include <asio/post.hpp>

#include <algorithm>
#include <cassert>
#include <utility>

namespace onlooker::camera {

void FrameSignal::Wait::await_suspend(std::coroutine_handle<> waiting) {
    assert(signal_.loop_.is_here() && !coroutine_);
    place_ = signal_.waiting_.size();
    signal_.waiting_.push_back(this);  // throws, or nothing does
    coroutine_ = waiting;
    round_ = signal_.round_;
}

void FrameSignal::Wait::wake() {
    if (!coroutine_)
        return;
    signal_.remove(*this);
    std::exchange(coroutine_, {}).resume();
}

FrameSignal::~FrameSignal() {
    assert(waiting_.empty() && left() == 0);
}

void FrameSignal::wake_all() {
    assert(loop_.is_here());
    move_waiting_to_due();
    // While a turn is posted it does the work, in order.
    if (!turn_is_posted_)
        resume_batch();
}

namespace {

// The waiters are in the order in which they were served last. Starting near the golden section of
// that order gives each of them the first and the last places equally often.
std::size_t first_of(std::size_t count) noexcept {
    return count * 618 / 1000;
}

}  // namespace

// Usually touches none of the waiters: each touch would be a cache miss.
void FrameSignal::move_waiting_to_due() {
    if (waiting_.empty())
        return;
    if (left() > 0)
        return queue_behind_those_left();
    ++round_;
    due_.clear();
    std::swap(waiting_, due_);
    first_ = first_of(due_.size());
    served_ = 0;
}

void FrameSignal::queue_behind_those_left() {
    std::vector<Wait*> queue;
    queue.reserve(left() + waiting_.size());  // throws, or nothing does
    ++round_;
    while (left() > 0)
        queue.push_back(due(served_++));
    const auto first = waiting_.begin() + static_cast<std::ptrdiff_t>(first_of(waiting_.size()));
    queue.insert(queue.end(), first, waiting_.end());
    queue.insert(queue.end(), waiting_.begin(), first);
    waiting_.clear();
    due_ = std::move(queue);
    first_ = 0;
    served_ = 0;
    for (std::size_t place = 0; place < due_.size(); ++place) {
        if (due_[place] != nullptr)
            due_[place]->place_ = place;
    }
}

FrameSignal::Wait* FrameSignal::due(std::size_t turn) const noexcept {
    const std::size_t place = first_ + turn;
    return due_[place < due_.size() ? place : place - due_.size()];
}

// Fetches what the next coroutine needs, and the Wait that tells where the one after it is.
void FrameSignal::fetch_ahead() const noexcept {
    if (left() > 1)
        __builtin_prefetch(due(served_ + 1));
    const Wait* next = left() > 0 ? due(served_) : nullptr;
    if (next == nullptr)
        return;
    __builtin_prefetch(next->coroutine_.address());
    if (next->near_ != nullptr) {
        __builtin_prefetch(next->near_, 1);
        __builtin_prefetch(static_cast<const std::byte*>(next->near_) + 64, 1);
    }
}

void FrameSignal::resume_batch() {
    for (std::size_t i = 0; i < batch_ && left() > 0; ++i) {
        Wait* wait = due(served_++);
        fetch_ahead();
        if (wait != nullptr)
            std::exchange(wait->coroutine_, {}).resume();
    }
    if (left() == 0) {
        batch_ = first_batch;
        return;
    }
    asio::post(executor_, [this] {
        turn_is_posted_ = false;
        batch_ = std::min(2 * batch_, largest_batch);
        resume_batch();
    });
    turn_is_posted_ = true;
}

void FrameSignal::remove(Wait& wait) noexcept {
    if (wait.round_ != round_) {
        due_[wait.place_] = nullptr;
        return;
    }
    waiting_.back()->place_ = wait.place_;
    waiting_[wait.place_] = waiting_.back();
    waiting_.pop_back();
}

}  // namespace onlooker::camera
