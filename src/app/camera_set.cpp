#include "app/camera_set.hpp"

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>

#include <algorithm>
#include <chrono>
#include <exception>
#include <utility>

#include "app/reload.hpp"
#include "app/wiring.hpp"
#include "base/clock.hpp"
#include "base/logging.hpp"
#include "base/running_clock.hpp"

namespace onlooker::app {

namespace {

// For a camera that goes to release its device, which one that comes may want. After it that one
// tries again by itself.
constexpr auto device_is_free_within = std::chrono::milliseconds(2'000);
constexpr auto look_for_last_viewer_every = std::chrono::milliseconds(200);

const CameraOption* option_of(const Options& options, const std::string& name) {
    const auto found = std::ranges::find(options.cameras, name, &CameraOption::name);
    return found == options.cameras.end() ? nullptr : &*found;
}

// Of a camera whose options do not differ.
bool is_supervised_otherwise(const camera::Supervision::Settings& before,
                             const camera::Supervision::Settings& next) {
    return before.idle_after != next.idle_after || before.always_on != next.always_on ||
           before.stall_at_least != next.stall_at_least ||
           before.stall_frames != next.stall_frames || before.retry_first != next.retry_first ||
           before.retry_last != next.retry_last;
}

// Where the configuration says something else of a control than it did, that is the newer word.
void forget_what_is_configured(camera::Camera& camera, const KeptControls::Configured& before,
                               const KeptControls::Configured& next) {
    for (const auto* side : {&before, &next}) {
        for (const auto& [key, value] : *side) {
            const auto was = before.find(key);
            const auto is = next.find(key);
            if (was == before.end() || is == next.end() || was->second != is->second)
                camera.forget_control(key);
        }
    }
}

}  // namespace

struct CameraSet::Watched {
    explicit Watched(endpoints::CameraPtr its_camera)
        : camera(std::move(its_camera)), news(camera->events()) {}

    endpoints::CameraPtr camera;
    camera::CameraEvents::Subscription news;
};

CameraSet::CameraSet(Executor executor, FindDriver find_driver, std::function<void()> changed)
    : executor_(executor), find_driver_(std::move(find_driver)), changed_(std::move(changed)) {}

void CameraSet::make(const Options& options, StateFile* state) {
    state_ = state;
    for (const CameraOption& camera : options.cameras)
        cameras_.push_back(make_one(options, camera));
}

endpoints::CameraPtr CameraSet::find(const std::string& name) const {
    const auto found =
        std::ranges::find(cameras_, name, [](const auto& each) { return each->name(); });
    return found == cameras_.end() ? nullptr : *found;
}

camera::Camera::Settings CameraSet::settings_of(const Options& options, const CameraOption& camera,
                                                const camera::DriverEntry& driver) const {
    camera::Camera::Settings settings = camera_settings(options, camera, driver);
    if (state_ == nullptr)
        return settings;
    settings.kept_controls = state_->controls_of(camera.name, camera.values);
    settings.keep_control = [state = state_, name = camera.name,
                             configured = camera.values](const camera::ControlChange& change) {
        state->keep(name, change, configured);
    };
    return settings;
}

endpoints::CameraPtr CameraSet::make_one(const Options& options, const CameraOption& camera) {
    const camera::DriverEntry driver = find_driver_(camera.driver);
    return std::make_shared<camera::Camera>(executor_, settings_of(options, camera, driver),
                                            driver_factory(camera, driver));
}

endpoints::CameraPtr CameraSet::make_or_say_why(const Options& options,
                                                const CameraOption& camera) {
    try {
        auto made = make_one(options, camera);
        logging::info("camera {}: added, {}", camera.name, made->settings().device);
        if (tells_)
            watch(made);
        return made;
    } catch (const std::exception& error) {
        logging::error("camera {} cannot be added: {}", camera.name, error.what());
        return nullptr;
    }
}

Awaitable<> CameraSet::change(const Options& before, const Options& next,
                              variants::Variants& variants) {
    endpoints::Cameras gone;
    for (const auto& camera : cameras_)
        if (option_of(next, camera->name()) == nullptr)
            gone.push_back(camera);
    // At least one camera is there at all times: those that go leave the table when those that come
    // enter it.
    for (const auto& camera : gone)
        retire(camera, variants);
    const SteadyTime limit = RunningClock::now() + device_is_free_within;
    for (const auto& camera : gone)
        co_await camera->wait_closed(limit);
    if (closing_)
        co_return;
    endpoints::Cameras now;
    for (const CameraOption& option : next.cameras) {
        endpoints::CameraPtr camera = find(option.name);
        if (camera)
            change_one(*camera, before, next, option);
        else
            camera = make_or_say_why(next, option);
        if (camera)
            now.push_back(std::move(camera));
    }
    if (!now.empty())
        cameras_ = std::move(now);
}

void CameraSet::change_one(camera::Camera& camera, const Options& before, const Options& next,
                           const CameraOption& option) {
    const CameraOption* const old = option_of(before, camera.name());
    try {
        const camera::DriverEntry driver = find_driver_(option.driver);
        camera::Camera::Settings settings = settings_of(next, option, driver);
        const bool again = old == nullptr || is_other_camera(before, *old, next, option);
        if (!again && !is_supervised_otherwise(camera.settings().supervision, settings.supervision))
            return;
        if (old != nullptr)
            forget_what_is_configured(camera, old->values, option.values);
        camera.change(std::move(settings), driver_factory(option, driver), again);
        logging::info("camera {}: changed{}", camera.name(),
                      again ? ", and opened again if anybody looks" : "");
    } catch (const std::exception& error) {
        logging::error("camera {} stays as it was: {}", camera.name(), error.what());
    }
}

void CameraSet::retire(const endpoints::CameraPtr& camera, variants::Variants& variants) {
    logging::info("camera {}: removed", camera->name());
    unwatch(*camera);
    retired_.push_back(camera);
    camera->retire();
    asio::co_spawn(executor_, bury(camera, variants), asio::detached);
}

// Whoever looks, answers a request about it or makes something of its pictures may still be at it.
Awaitable<> CameraSet::bury(endpoints::CameraPtr camera, variants::Variants& variants) {
    Timer pause(executor_);
    // Ours, and that of the list.
    while (!closing_ &&
           (camera.use_count() > 2 || camera->feed().viewers() > 0 || !variants.forget(*camera))) {
        pause.expires_after(look_for_last_viewer_every);
        co_await pause.async_wait(as_result);
    }
    if (closing_)
        co_return;
    std::erase(retired_, camera);
    logging::debug("camera {}: its last viewer has gone, and so has it", camera->name());
}

void CameraSet::begin_to_tell() {
    tells_ = true;
    for (const auto& camera : cameras_)
        watch(camera);
}

void CameraSet::watch(const endpoints::CameraPtr& camera) {
    const auto& watched = watched_.emplace_back(std::make_shared<Watched>(camera));
    const auto follow = [](CameraSet& self, std::shared_ptr<Watched> its) -> Awaitable<> {
        while (true) {
            const auto topics = co_await its->news.next(SteadyTime::max());
            if (!topics)
                co_return;
            self.changed_();
        }
    };
    asio::co_spawn(executor_, follow(*this, watched), asio::detached);
}

void CameraSet::unwatch(const camera::Camera& camera) {
    const auto found = std::ranges::find_if(
        watched_, [&camera](const auto& each) { return each->camera.get() == &camera; });
    if (found == watched_.end())
        return;
    (*found)->news.end();
    watched_.erase(found);
}

void CameraSet::close() {
    closing_ = true;
    while (!watched_.empty())
        unwatch(*watched_.front()->camera);
    for (const auto& camera : cameras_)
        camera->close();
}

Awaitable<bool> CameraSet::wait_closed(SteadyTime limit) {
    bool all = true;
    for (const endpoints::Cameras* cameras : {&cameras_, &retired_}) {
        for (const auto& camera : *cameras) {
            if (!co_await camera->wait_closed(limit)) {
                logging::error("camera {}: its driver does not stop; ending without it",
                               camera->name());
                all = false;
            }
        }
    }
    co_return all;
}

}  // namespace onlooker::app
