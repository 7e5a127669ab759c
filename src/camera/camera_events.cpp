#include "camera/camera_events.hpp"

#include <cassert>
#include <utility>

#include "base/running_clock.hpp"

namespace onlooker::camera {

CameraEvents::~CameraEvents() {
    assert(first_ == nullptr);
}

void CameraEvents::tell(Topic topic) noexcept {
    assert(loop_.is_here());
    for (Subscription* each = first_; each != nullptr; each = each->next_) {
        each->topics_.add(topic);
        each->changed_.cancel();
    }
}

CameraEvents::Subscription::Subscription(CameraEvents& events)
    : events_(events), changed_(events.executor_), next_(events.first_) {
    if (next_ != nullptr)
        next_->previous_ = this;
    events_.first_ = this;
}

CameraEvents::Subscription::~Subscription() {
    if (previous_ != nullptr)
        previous_->next_ = next_;
    else
        events_.first_ = next_;
    if (next_ != nullptr)
        next_->previous_ = previous_;
}

Awaitable<CameraEvents::Topics> CameraEvents::Subscription::next(SteadyTime limit) {
    while (!topics_ && !ended_ && RunningClock::now() < limit) {
        changed_.expires_at(limit);
        co_await changed_.async_wait(as_result);
    }
    co_return ended_ ? Topics{} : std::exchange(topics_, {});
}

void CameraEvents::Subscription::end() {
    ended_ = true;
    changed_.cancel();
}

}  // namespace onlooker::camera
