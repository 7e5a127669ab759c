// What the loop and the workers of a workshop share: the crossing of workshop.hpp, and nothing else
// of the program sees it.
//
// Owner: the workshop, its mailboxes and the posts that are under way. Thread: as said at each.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "base/awaitable.hpp"
#include "base/limited_log.hpp"
#include "media/frame.hpp"
#include "variants/workshop.hpp"

namespace onlooker::variants {

// All of it is guarded by the state's mutex, and `receiver` is called by the loop alone.
struct Workshop::Box {
    Receiver* receiver = nullptr;  // null: its mailbox is gone
    OrderPtr order;
    media::FramePtr frame;     // that waits
    std::uint64_t ticket = 0;  // its place in the queue; 0: it is in none
    bool is_being_made = false;
    std::optional<Made> made;
    std::uint64_t overtaken = 0;
};

// What the loop and the workers share. Everything below `mutex` is guarded by it.
struct Workshop::State final : std::enable_shared_from_this<State> {
    State(Executor its_loop, Settings its_settings)
        : executor(its_loop), settings(std::move(its_settings)), closed(its_loop) {}

    struct Worker {
        std::thread thread;
        bool ended = false;  // it only returns
    };

    // On the loop.
    void put(Box& box, OrderPtr order, media::FramePtr frame);
    void start_worker_if_needed();
    void deliver();
    std::size_t filled() const;
    std::optional<Made> take_made(Receiver*& receiver);
    void join_ended();

    // On a worker.
    void run(Worker& self);
    std::shared_ptr<Box> wait_for_work(std::unique_lock<std::mutex>& lock);
    void serve(Box& box, Make& maker, std::unique_lock<std::mutex>& lock);
    Result make(Make& maker, const Order& order, const media::FramePtr& frame) const;
    Result make_or_say_why(Make& maker, const Order& order, const media::FramePtr& frame) const;
    void post_delivery(std::unique_lock<std::mutex>& lock);

    // On either, under the lock.
    std::shared_ptr<Box> next_in_queue() const;
    std::size_t alive() const;

    const Executor executor;
    const Settings settings;
    Timer closed;         // cancelled when no worker is left
    LimitedLog failures;  // of the loop

    mutable std::mutex mutex;
    std::condition_variable work_came;
    std::vector<std::shared_ptr<Box>> boxes;
    std::uint64_t last_ticket = 0;
    std::list<Worker> workers;
    std::size_t busy_workers = 0;  // that make a picture
    bool closing = false;
    bool delivery_is_posted = false;
};

}  // namespace onlooker::variants
