#include "variants/workshop_state.hpp"

#include <pthread.h>

#include <asio/post.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <iterator>
#include <new>
#include <string>
#include <system_error>

#include "base/clock.hpp"
#include "base/thread_priority.hpp"
#include "media/variant_maker.hpp"

namespace onlooker::variants {

std::shared_ptr<Workshop::Box> Workshop::State::next_in_queue() const {
    std::shared_ptr<Box> next;
    for (const auto& box : boxes)
        if (box->ticket != 0 && (!next || box->ticket < next->ticket))
            next = box;
    return next;
}

std::size_t Workshop::State::alive() const {
    return workers.size() -
           static_cast<std::size_t>(std::ranges::count(workers, true, &Worker::ended));
}

void Workshop::State::put(Box& box, OrderPtr order, media::FramePtr frame) {
    const std::lock_guard lock(mutex);
    if (closing)
        return;
    box.overtaken += box.frame ? 1 : 0;
    // What is overtaken is freed by the caller, after the lock is gone.
    std::swap(box.order, order);
    std::swap(box.frame, frame);
    if (box.is_being_made || box.ticket != 0)
        return;
    box.ticket = ++last_ticket;
    try {
        start_worker_if_needed();
    } catch (...) {
        box.ticket = 0;
        box.frame.reset();
        throw;
    }
    work_came.notify_one();
}

void Workshop::State::start_worker_if_needed() {
    const auto queued = static_cast<std::size_t>(
        std::ranges::count_if(boxes, [](const auto& box) { return box->ticket != 0; }));
    const std::size_t there = alive();
    // Those that are free, or about to look for work.
    if (queued <= there - busy_workers || there >= settings.workers)
        return;
    Worker& worker = workers.emplace_back();
    try {
        worker.thread = std::thread([self = shared_from_this(), &worker] { self->run(worker); });
    } catch (const std::system_error& error) {
        workers.pop_back();
        const std::string words =
            fmt::format("{} of {} threads for it can be started ({}): let this server have more",
                        there == 0 ? "none" : fmt::format("only {}", there), settings.workers,
                        error.code().message());
        if (there == 0)
            throw NoWorker(words);
        failures.write(spdlog::level::warn, "variants are made slowly: {}", words);
    } catch (...) {
        workers.pop_back();
        throw;
    }
}

void Workshop::State::run(Worker& self) {
    ::pthread_setname_np(::pthread_self(), "variant");
    give_way_to_the_loop();
    Make maker;
    std::unique_lock lock(mutex);
    while (const auto box = wait_for_work(lock))
        serve(*box, maker, lock);
    // Under the same lock, so that no frame is left to a worker that has decided to end.
    self.ended = true;
    post_delivery(lock);
}

std::shared_ptr<Workshop::Box> Workshop::State::wait_for_work(std::unique_lock<std::mutex>& lock) {
    work_came.wait_for(lock, settings.ends_idle_after,
                       [this] { return closing || next_in_queue() != nullptr; });
    return closing ? nullptr : next_in_queue();
}

void Workshop::State::serve(Box& box, Make& maker, std::unique_lock<std::mutex>& lock) {
    box.ticket = 0;
    box.is_being_made = true;
    ++busy_workers;
    Made made{.order = box.order, .source = std::move(box.frame), .result = {}};
    box.frame.reset();
    lock.unlock();
    const SteadyTime begin = SteadyClock::now();
    made.result = make(maker, *made.order, made.source);
    made.making = SteadyClock::now() - begin;
    std::optional<Made> parcel(std::move(made));
    lock.lock();
    box.is_being_made = false;
    --busy_workers;
    if (box.frame)
        box.ticket = ++last_ticket;
    if (box.receiver != nullptr) {
        box.overtaken += box.made ? 1 : 0;
        std::swap(box.made, parcel);
        post_delivery(lock);
    }
    // What was overtaken, or has no receiver any more.
    lock.unlock();
    parcel.reset();
    lock.lock();
}

Workshop::Result Workshop::State::make(Make& maker, const Order& order,
                                       const media::FramePtr& frame) const {
    try {
        return make_or_say_why(maker, order, frame);
    } catch (const std::bad_alloc&) {
        return media::VariantMaker::Unusable{"no memory left"};  // so short that it needs none
    }
}

Workshop::Result Workshop::State::make_or_say_why(Make& maker, const Order& order,
                                                  const media::FramePtr& frame) const {
    try {
        if (!maker)
            maker = settings.maker();
        return maker({.frame = frame, .title = order.title, .encoder = order.encoder}, order.recipe,
                     *order.decodes);
    } catch (const std::bad_alloc&) {
        throw;
    } catch (const std::exception& error) {
        return media::VariantMaker::Unusable{error.what()};
    }
}

void Workshop::State::post_delivery(std::unique_lock<std::mutex>& lock) {
    while (!delivery_is_posted) {
        try {
            asio::post(executor, [self = shared_from_this()] { self->deliver(); });
            delivery_is_posted = true;
        } catch (const std::bad_alloc&) {
            // Somebody may wait for this very picture.
            lock.unlock();
            std::this_thread::sleep_for(std::chrono::milliseconds(100));
            lock.lock();
        }
    }
}

void Workshop::State::deliver() {
    {
        const std::lock_guard lock(mutex);
        delivery_is_posted = false;
    }
    join_ended();
    // No more than there were, so that workers that are faster than the loop do not keep it here;
    // whoever has filled one meanwhile has posted again.
    Receiver* receiver = nullptr;
    for (std::size_t left = filled(); left > 0; --left) {
        std::optional<Made> made = take_made(receiver);
        if (!made)
            return;
        try {
            receiver->on_made(std::move(*made));
        } catch (const std::exception& error) {
            failures.write(spdlog::level::err, "a variant's picture is lost: {}", error.what());
        }
    }
}

std::size_t Workshop::State::filled() const {
    const std::lock_guard lock(mutex);
    return static_cast<std::size_t>(
        std::ranges::count_if(boxes, [](const auto& box) { return box->made.has_value(); }));
}

std::optional<Workshop::Made> Workshop::State::take_made(Receiver*& receiver) {
    const std::lock_guard lock(mutex);
    const auto box =
        std::ranges::find_if(boxes, [](const auto& each) { return each->made.has_value(); });
    if (box == boxes.end())
        return std::nullopt;
    (*box)->made->overtaken = (*box)->overtaken;
    receiver = (*box)->receiver;
    return std::exchange((*box)->made, std::nullopt);
}

void Workshop::State::join_ended() {
    std::list<Worker> ended;
    {
        const std::lock_guard lock(mutex);
        for (auto worker = workers.begin(); worker != workers.end();) {
            const auto next = std::next(worker);
            if (worker->ended)
                ended.splice(ended.end(), workers, worker);
            worker = next;
        }
        if (workers.empty())
            closed.cancel();
    }
    for (Worker& worker : ended)
        worker.thread.join();
}

}  // namespace onlooker::variants
