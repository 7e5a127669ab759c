#include "endpoints/change_controls.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/running_clock.hpp"
#include "base/text.hpp"
#include "camera/camera_events.hpp"
#include "http/foreign_pages.hpp"
#include "http/message/authority.hpp"

namespace onlooker::endpoints {

namespace {

using camera::Control;
using camera::ControlChange;

// Drivers keep numbers of their own: what comes back differs in the last digits.
constexpr double same_value = 1e-3;

bool is_as_asked(const camera::Camera& camera, const ControlChange& change) {
    const auto control = std::ranges::find(camera.controls(), change.id, &Control::id);
    return control != camera.controls().end() &&
           (control->type == Control::Type::button ||
            std::abs(control->value - change.value) <= same_value);
}

}  // namespace

bool is_open(const camera::Camera& camera) noexcept {
    using State = camera::Supervision::State;
    return camera.state() != State::idle && camera.state() != State::faulted;
}

const Control* control_called(const camera::Camera& camera, std::string_view name) noexcept {
    for (const Control& control : camera.controls())
        if (equal_ignoring_case(control.id, name) || equal_ignoring_case(control.name, name))
            return &control;
    return nullptr;
}

Awaitable<std::vector<std::string>> change_controls(std::shared_ptr<camera::Camera> camera,
                                                    std::vector<ControlChange> changes) {
    using Topic = camera::CameraEvents::Topic;
    camera::CameraEvents::Subscription news(camera->events());
    for (const ControlChange& change : changes)
        camera->change_control(change);
    const SteadyTime limit = RunningClock::now() + report_within;
    while (is_open(*camera) && !changes.empty()) {
        const auto topics = co_await news.next(limit);
        if (!topics || topics.has(Topic::controls))
            break;
    }
    std::vector<std::string> unmet;
    for (const ControlChange& change : changes)
        if (!is_as_asked(*camera, change))
            unmet.push_back(change.id);
    co_return unmet;
}

Awaitable<std::vector<std::string>> change_control(std::shared_ptr<camera::Camera> camera,
                                                   std::string id, double value) {
    std::vector<ControlChange> changes(1);
    changes.front().id = std::move(id);
    changes.front().value = value;
    return change_controls(std::move(camera), std::move(changes));
}

bool may_command(const http::Request& request) noexcept {
    if (!http::may_change(request))
        return false;
    return !request.header("User-Agent").starts_with("Mozilla/") ||
           !request.header("Sec-Fetch-Site").empty() ||
           http::is_of_same_authority(http::page_of(request), request);
}

}  // namespace onlooker::endpoints
