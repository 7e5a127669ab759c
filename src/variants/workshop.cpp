#include "variants/workshop.hpp"

#include <algorithm>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "base/running_clock.hpp"
#include "variants/workshop_state.hpp"

namespace onlooker::variants {

namespace {

unsigned workers_by_itself() {
    const unsigned cores = std::thread::hardware_concurrency();
    return std::clamp(cores, 2U, 5U) - 1;
}

Workshop::Make variant_maker() {
    return [maker = std::make_shared<media::VariantMaker>()](
               const media::VariantMaker::Source& source, const media::Recipe& recipe,
               media::SharedDecodes& decodes) { return maker->make(source, recipe, decodes); };
}

Workshop::Settings completed(Workshop::Settings settings) {
    if (settings.workers == 0)
        settings.workers = workers_by_itself();
    if (!settings.maker)
        settings.maker = variant_maker;
    return settings;
}

}  // namespace

Workshop::Mailbox::Mailbox(Workshop& workshop, Receiver& receiver)
    : state_(workshop.state_), box_(std::make_shared<Box>()) {
    box_->receiver = &receiver;
    const std::lock_guard lock(state_->mutex);
    state_->boxes.push_back(box_);
}

Workshop::Mailbox::~Mailbox() {
    clear();
    std::optional<Made> made;
    const std::lock_guard lock(state_->mutex);
    box_->receiver = nullptr;
    std::swap(box_->made, made);
    std::erase(state_->boxes, box_);
}

void Workshop::Mailbox::put(OrderPtr order, media::FramePtr frame) {
    state_->put(*box_, std::move(order), std::move(frame));
}

void Workshop::Mailbox::clear() {
    media::FramePtr frame;
    const std::lock_guard lock(state_->mutex);
    std::swap(box_->frame, frame);
    box_->ticket = 0;
}

Workshop::Workshop(Executor executor, Settings settings)
    : state_(std::make_shared<State>(executor, completed(std::move(settings)))) {}

Workshop::~Workshop() {
    close();
    for (State::Worker& worker : state_->workers)
        worker.thread.join();
    state_->workers.clear();
}

void Workshop::close() {
    {
        const std::lock_guard lock(state_->mutex);
        state_->closing = true;
    }
    state_->work_came.notify_all();
}

Awaitable<bool> Workshop::wait_closed(SteadyTime limit) {
    const auto state = state_;
    while (workers() > 0 && RunningClock::now() < limit) {
        state->closed.expires_at(limit);
        co_await state->closed.async_wait(as_result);
    }
    co_return workers() == 0;
}

std::size_t Workshop::workers() const {
    const std::lock_guard lock(state_->mutex);
    return state_->workers.size();
}

}  // namespace onlooker::variants
