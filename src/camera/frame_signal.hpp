// Wakes all viewers that wait for the next frame, without a post or an allocation per viewer. It is
// a part of Feed, whose newer() is the way to wait.
//
// State first, then wake: the feed stores its newest frame and calls wake_all(). A viewer remembers
// the edition that it sent last, so a wake-up that comes too early or twice does no harm.
//
// A waiter is an object in the waiting coroutine's frame, listed here by pointer. Waking resumes
// the coroutines directly, a batch at a time, and goes back to the loop between batches, so that a
// frame for thousands of viewers does not keep a newcomer, a timer or a newer frame waiting. Each
// further batch of a frame is twice as large: a crowd of other work (newcomers, snapshots, tables)
// gets the loop only a few times per frame, and cannot make the last viewer miss one. The first
// place moves on with each frame, so that nobody is always the last.
//
// Those that are due and not yet resumed when a newer frame comes keep their places at the front
// and find the newer frame when their turn comes: an overloaded loop loses frames, starves nobody.
//
// Owner: the feed. Thread: the loop. Nobody may be waiting when it is destroyed.
#pragma once

#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/awaitable.hpp"
#include "base/one_thread.hpp"

namespace onlooker::camera {

class FrameSignal {
  public:
    // One wait of one coroutine (base/task.hpp).
    class Wait {
      public:
        // `near`: 128 octets that the coroutine touches when it wakes. They are fetched while its
        // neighbour is served: with thousands of viewers nothing of it is in the cache any more.
        explicit Wait(FrameSignal& signal, const void* near = nullptr) noexcept
            : signal_(signal), near_(near) {}
        Wait(const Wait&) = delete;
        Wait& operator=(const Wait&) = delete;

        bool await_ready() const noexcept { return false; }
        void await_suspend(std::coroutine_handle<> waiting);
        void await_resume() const noexcept {}

        // Wakes this one alone and at once: time is up, or the server wants to end. Nothing
        // happens if it is not waiting. The coroutine, and with it this object, may be gone when
        // the call returns.
        void wake();

      private:
        friend class FrameSignal;
        FrameSignal& signal_;
        std::coroutine_handle<> coroutine_;
        const void* near_;
        std::size_t place_ = 0;    // in its list
        std::uint64_t round_ = 0;  // the signal's own: it is waiting; an earlier one: it is due
    };

    explicit FrameSignal(Executor executor) : executor_(executor) {}
    FrameSignal(const FrameSignal&) = delete;
    FrameSignal& operator=(const FrameSignal&) = delete;
    ~FrameSignal();

    // Resumes the first batch before it returns. The caller must be ready for whatever viewers do.
    void wake_all();

    // How many wait for the next frame, without those that are due for the present one.
    std::size_t waiting() const noexcept { return waiting_.size(); }

  private:
    // About a millisecond of sends on a server, several on a Raspberry Pi Zero 2.
    static constexpr std::size_t first_batch = 64;
    // Reached only by thousands of viewers, or by more than the loop can serve.
    static constexpr std::size_t largest_batch = 1024;

    void move_waiting_to_due();
    void queue_behind_those_left();
    void resume_batch();
    std::size_t left() const noexcept { return due_.size() - served_; }
    Wait* due(std::size_t turn) const noexcept;
    void fetch_ahead() const noexcept;
    void remove(Wait& wait) noexcept;

    [[no_unique_address]] OneThread loop_;
    Executor executor_;
    std::vector<Wait*> waiting_;
    // A queue that begins at first_ and goes round; null where one was woken alone.
    std::vector<Wait*> due_;
    std::size_t first_ = 0;
    std::size_t served_ = 0;
    std::size_t batch_ = first_batch;
    std::uint64_t round_ = 0;  // grows when those who wait become due
    bool turn_is_posted_ = false;
};

}  // namespace onlooker::camera
