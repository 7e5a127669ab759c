// Wakes everybody who waits for the next frame, without a post or an allocation per viewer.
//
// State first, then wake: the camera stores its newest frame and calls wake_all(). A viewer
// remembers the edition it sent last and loops while the camera has nothing newer, so a wake-up
// that comes too early or twice does no harm:
//
//     while (camera.edition() == sent) {
//         FrameSignal::Wait wait(camera.signal());
//         co_await wait;
//     }
//
// A waiter is an object in the waiting coroutine's frame, listed here by pointer. Waking resumes
// the coroutines directly, a batch at a time, and goes back to the loop between batches, so that a
// frame for thousands of viewers does not keep a newcomer, a timer or a newer frame waiting. Who is
// served first moves on with each frame: the last of one frame is not the last of every frame.
//
// Those that are due and not yet resumed when a newer frame comes keep their places at the front
// and find the newer frame when their turn comes: an overloaded loop loses frames, starves nobody.
//
// Owner: the camera. Thread: the loop. Nobody may be waiting when it is destroyed.
#pragma once

#include <coroutine>
#include <cstddef>
#include <vector>

#include "base/awaitable.hpp"

namespace onlooker::camera {

class FrameSignal {
  public:
    // One wait of one coroutine (base/task.hpp).
    class Wait {
      public:
        explicit Wait(FrameSignal& signal) noexcept : signal_(signal) {}
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
        bool due_ = false;       // which of the two lists it stands in
        std::size_t place_ = 0;  // and where
    };

    explicit FrameSignal(Executor executor) : executor_(executor) {}
    FrameSignal(const FrameSignal&) = delete;
    FrameSignal& operator=(const FrameSignal&) = delete;
    ~FrameSignal();

    // Resumes the first batch before it returns. The caller must be ready for whatever viewers do.
    void wake_all();

    // Those who wait for the next frame; not those who are due for the present one.
    std::size_t waiting() const noexcept { return waiting_.size(); }

  private:
    // About 0.4 ms of sends on a server, 3 ms on a Raspberry Pi Zero 2.
    static constexpr std::size_t batch_size = 64;

    void move_waiting_to_due();
    void resume_batch();
    void drop_served() noexcept;
    void remove(Wait& wait) noexcept;

    Executor executor_;
    std::vector<Wait*> waiting_;
    std::vector<Wait*> due_;  // a queue: [due_head_, end); null where one was woken alone
    std::size_t due_head_ = 0;
    bool turn_is_posted_ = false;
};

}  // namespace onlooker::camera
