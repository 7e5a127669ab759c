#include "api/event_hub.hpp"

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>

#include <algorithm>
#include <cassert>
#include <iterator>
#include <utility>

#include "base/clock.hpp"
#include "base/running_clock.hpp"

namespace onlooker::api {

using camera::CameraEvents;
using endpoints::CameraPtr;
using Topic = CameraEvents::Topic;

struct EventHub::Watched {
    explicit Watched(CameraPtr its_camera)
        : camera(std::move(its_camera)),
          news(camera->events()),
          known_controls(camera->controls().size()) {}

    CameraPtr camera;
    CameraEvents::Subscription news;
    std::size_t known_controls;
    bool ended = false;
    // Of the last change; 0: none since it is watched.
    std::uint64_t camera_number = 0;
    std::uint64_t controls_number = 0;
    std::uint64_t viewers_number = 0;
    std::optional<SteadyTime> viewers_due;  // there is news, which waits
    SteadyTime viewers_told = SteadyTime::min();
    std::size_t known_viewers = 0;
};

EventHub::Listener::Listener(EventHub& hub) : hub_(hub), changed_(hub.executor_) {
    hub_.listeners_.push_back(this);
}

EventHub::Listener::~Listener() {
    std::erase(hub_.listeners_, this);
}

Awaitable<> EventHub::Listener::wait(SteadyTime limit) {
    changed_.expires_at(limit);
    co_await changed_.async_wait(as_result);
}

void EventHub::Listener::wake() {
    changed_.cancel();
}

EventHub::EventHub(Executor executor, const endpoints::Cameras& cameras, const Settings& settings)
    : executor_(executor), cameras_(cameras), settings_(settings) {
    for (const CameraPtr& camera : cameras_)
        watch(camera);
}

EventHub::~EventHub() {
    assert(listeners_.empty());
}

void EventHub::watch(const CameraPtr& camera) {
    const auto& its = watched_.emplace_back(std::make_shared<Watched>(camera));
    asio::co_spawn(executor_, follow(*this, its), asio::detached);
}

Awaitable<> EventHub::follow(EventHub& hub, std::shared_ptr<Watched> its) {
    while (true) {
        const SteadyTime limit = its->viewers_due.value_or(SteadyTime::max());
        const auto topics = co_await its->news.next(limit);
        if (its->ended)
            co_return;
        hub.note(*its, topics);
    }
}

void EventHub::note(Watched& its, CameraEvents::Topics topics) {
    assert(loop_.is_here());
    const std::uint64_t before = newest_;
    const bool has_controls = topics.has(Topic::controls);
    const bool has_more_or_fewer =
        has_controls &&
        std::exchange(its.known_controls, its.camera->controls().size()) != its.known_controls;
    if (topics.has(Topic::state) || topics.has(Topic::fault) || topics.has(Topic::size) ||
        has_more_or_fewer)
        its.camera_number = ++newest_;
    if (has_controls)
        its.controls_number = ++newest_;
    if (topics.has(Topic::viewers) || its.viewers_due)
        note_viewers(its);
    if (newest_ != before)
        wake_all();
}

// A crowd that comes or goes is news once in a while.
void EventHub::note_viewers(Watched& its) {
    const SteadyTime now = RunningClock::now();
    const SteadyTime due =
        its.viewers_told == SteadyTime::min() ? now : its.viewers_told + settings_.viewers_apart;
    if (now < due) {
        its.viewers_due = due;
        return;
    }
    its.viewers_due.reset();
    if (settings_.viewers) {
        const std::size_t viewers = settings_.viewers(*its.camera);
        if (std::exchange(its.known_viewers, viewers) == viewers)
            return;
    }
    its.viewers_told = now;
    its.viewers_number = ++newest_;
}

void EventHub::remember(Change change) {
    change.number = ++newest_;
    if (remembered_.size() >= settings_.most_remembered) {
        forgotten_ = remembered_.front().number;
        remembered_.pop_front();
    }
    remembered_.push_back(std::move(change));
}

void EventHub::refresh(std::vector<std::string> changed_options) {
    assert(loop_.is_here());
    if (closed_)
        return;
    std::erase_if(watched_, [this](const auto& its) {
        const bool is_there = std::ranges::find(cameras_, its->camera) != cameras_.end();
        if (!is_there) {
            its->ended = true;
            its->news.end();
            remember({.kind = Kind::gone, .camera = nullptr, .names = {its->camera->name()}});
        }
        return !is_there;
    });
    for (const CameraPtr& camera : cameras_) {
        const bool is_known = std::ranges::find(watched_, camera, [](const auto& its) {
                                  return its->camera;
                              }) != watched_.end();
        if (!is_known)
            watch(camera);
    }
    // One that is the same may have another title.
    for (const auto& its : watched_)
        if (!changed_options.empty() || its->camera_number == 0)
            its->camera_number = ++newest_;
    if (!changed_options.empty())
        remember({.kind = Kind::settings, .camera = nullptr, .names = std::move(changed_options)});
    wake_all();
}

void EventHub::viewers_changed() noexcept {
    for (const auto& its : watched_)
        its->camera->events().tell(Topic::viewers);
}

void EventHub::close() {
    closed_ = true;
    for (const auto& its : watched_) {
        its->ended = true;
        its->news.end();
    }
    watched_.clear();
}

std::vector<EventHub::Change> EventHub::since(std::uint64_t seen) const {
    std::vector<Change> changes;
    const auto add = [&](std::uint64_t number, Kind kind, const CameraPtr& camera) {
        if (number > seen)
            changes.push_back({.number = number, .kind = kind, .camera = camera});
    };
    for (const auto& its : watched_) {
        add(its->camera_number, Kind::camera, its->camera);
        add(its->controls_number, Kind::controls, its->camera);
        add(its->viewers_number, Kind::viewers, its->camera);
    }
    std::ranges::copy_if(remembered_, std::back_inserter(changes),
                         [seen](const Change& change) { return change.number > seen; });
    std::ranges::sort(changes, {}, &Change::number);
    return changes;
}

void EventHub::wake_all() {
    for (Listener* const listener : listeners_)
        listener->wake();
}

}  // namespace onlooker::api
