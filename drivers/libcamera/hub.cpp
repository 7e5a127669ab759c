#include "libcamera/hub.hpp"

#include <unistd.h>

#include <libcamera/logging.h>

#include <condition_variable>
#include <cstdlib>
#include <cstring>
#include <iostream>

#include "camera/driver.hpp"
#include "libcamera/api.hpp"

namespace onlooker::drivers::libcamera_driver {

namespace {

// In colour on a terminal only; the user's own LIBCAMERA_LOG_* variables win, here and below.
void log_to_standard_error() {
    if (std::getenv("LIBCAMERA_LOG_FILE") == nullptr)
        libcamera::logSetStream(&std::cerr, ::isatty(STDERR_FILENO) != 0);
}

// libcamera writes lines for each camera it opens; warnings stay. 0.0.3 takes a level only for what
// has spoken before.
void quieten() {
    if (std::getenv("LIBCAMERA_LOG_LEVELS") == nullptr)
        for (const char* category :
             {"Camera", "RPI", "IPAProxy", "IPAManager", "CameraSensor", "V4L2"})
            libcamera::logSetLevel(category, "WARN");
}

}  // namespace

std::shared_ptr<Hub> Hub::get() {
    static std::mutex mutex;
    static std::condition_variable gone;
    static std::weak_ptr<Hub> shared;
    static bool exists = false;

    std::unique_lock lock(mutex);
    // One that nobody holds any more may still be about to stop.
    std::shared_ptr<Hub> hub;
    gone.wait(lock, [&hub] { return (hub = shared.lock()) != nullptr || !exists; });
    if (hub)
        return hub;
    hub = std::shared_ptr<Hub>(new Hub, [](Hub* old) {
        delete old;
        const std::scoped_lock inner(mutex);
        exists = false;
        gone.notify_all();
    });
    exists = true;
    shared = hub;
    return hub;
}

Hub::Hub() {
    log_to_standard_error();
    quieten();
    manager_.cameraAdded.connect(
        this, [this](std::shared_ptr<libcamera::Camera> camera) { tell(Event::added, camera); });
    manager_.cameraRemoved.connect(
        this, [this](std::shared_ptr<libcamera::Camera> camera) { tell(Event::removed, camera); });
    if (const int error = manager_.start(); error < 0)
        throw camera::CameraError(camera::ErrorKind::failed,
                                  std::string("libcamera does not start: ") +
                                      std::strerror(-error) + "; its own messages say more");
    quieten();
}

Hub::~Hub() {
    manager_.stop();
    manager_.cameraAdded.disconnect(this);
    manager_.cameraRemoved.disconnect(this);
}

void Hub::tell(Event event, const std::shared_ptr<libcamera::Camera>& camera) {
    const std::scoped_lock lock(mutex_);
    for (const Listener* listener : listeners_)
        (*listener)(event, camera);
}

Hub::Subscription::Subscription(Hub& hub, Listener listener)
    : hub_(hub), listener_(std::move(listener)) {
    const std::scoped_lock lock(hub_.mutex_);
    hub_.listeners_.push_back(&listener_);
}

Hub::Subscription::~Subscription() {
    const std::scoped_lock lock(hub_.mutex_);
    std::erase(hub_.listeners_, &listener_);
}

std::vector<CameraName> names_of(const std::vector<std::shared_ptr<libcamera::Camera>>& cameras) {
    std::vector<CameraName> names;
    names.reserve(cameras.size());
    for (const auto& camera : cameras)
        names.push_back({camera->id(), api::model(*camera)});
    return names;
}

}  // namespace onlooker::drivers::libcamera_driver
