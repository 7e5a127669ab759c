// The cameras of the program, in the order in which the user named them; while it runs some may
// come, change and go.
//
// Owner: the App, whose variants must be gone before it. Thread: the loop.
#pragma once

#include <functional>
#include <list>
#include <memory>
#include <string>
#include <vector>

#include "app/options.hpp"
#include "app/reports.hpp"
#include "app/state_file.hpp"
#include "base/awaitable.hpp"
#include "camera/camera.hpp"
#include "camera/camera_events.hpp"
#include "endpoints/status.hpp"
#include "variants/variants.hpp"

namespace onlooker::app {

class CameraSet {
  public:
    // `changed` is called when a camera's state, or whether anybody looks at it, has changed.
    CameraSet(Executor executor, FindDriver find_driver, std::function<void()> changed);
    CameraSet(const CameraSet&) = delete;
    CameraSet& operator=(const CameraSet&) = delete;

    // Throws what a driver says of its options. In `state`, if there is one, controls are kept over
    // a restart; it must outlive this.
    void make(const Options& options, StateFile* state);

    const endpoints::Cameras& all() const noexcept { return cameras_; }

    // From the cameras of `before` to those of `next`, by name. Those that are the same in both are
    // not touched; one that differs is opened again while its viewers go on looking; the viewers of
    // one that is not in `next` are sent away, and it is destroyed when the last has gone. `next`
    // was checked: a driver that still refuses its options keeps its camera as it was, and is
    // logged.
    Awaitable<> change(const Options& before, const Options& next, variants::Variants& variants);

    // Subscribes to the events of each camera, to call `changed`.
    void begin_to_tell();

    void close();
    // False when a driver was left behind, or did not stop by `limit`; told in the log.
    Awaitable<bool> wait_closed(SteadyTime limit);

  private:
    struct Watched;

    endpoints::CameraPtr find(const std::string& name) const;
    camera::Camera::Settings settings_of(const Options& options, const CameraOption& camera,
                                         const camera::DriverEntry& driver) const;
    endpoints::CameraPtr make_one(const Options& options, const CameraOption& camera);
    endpoints::CameraPtr make_or_say_why(const Options& options, const CameraOption& camera);
    void change_one(camera::Camera& camera, const Options& before, const Options& next,
                    const CameraOption& option);
    void retire(const endpoints::CameraPtr& camera, variants::Variants& variants);
    Awaitable<> bury(endpoints::CameraPtr camera, variants::Variants& variants);
    void watch(const endpoints::CameraPtr& camera);
    void unwatch(const camera::Camera& camera);

    Executor executor_;
    FindDriver find_driver_;
    std::function<void()> changed_;
    StateFile* state_ = nullptr;  // null: nothing is kept over a restart
    bool tells_ = false;
    bool closing_ = false;
    endpoints::Cameras cameras_;
    endpoints::Cameras retired_;
    std::list<std::shared_ptr<Watched>> watched_;
};

}  // namespace onlooker::app
