// The one CameraManager of the process. libcamera allows no second, so all cameras of this driver
// share it: it starts with the first that is opened and stops when the last Driver object that used
// it is gone, or has seen its camera fail. Between two openings of a sound camera it stays, so that
// opening is quick and plugging in is noticed; nothing in it wakes up meanwhile.
//
// libcamera itself ends the program (a FATAL line on standard error) when a camera appears under an
// id that it still has. The only way known to make it do so is to unbind and bind the kernel's
// virtual media controller (vimc); real cameras vanish before they come back.
//
// Thread: get() and cameras() any; listeners are called on libcamera's thread and must not wait.
#pragma once

#include <libcamera/camera.h>
#include <libcamera/camera_manager.h>

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "libcamera/settings.hpp"

namespace onlooker::drivers::libcamera_driver {

class Hub {
  public:
    enum class Event : unsigned char { added, removed };
    using Listener = std::function<void(Event, const std::shared_ptr<libcamera::Camera>&)>;

    // Throws camera::CameraError when libcamera does not start.
    static std::shared_ptr<Hub> get();

    Hub(const Hub&) = delete;
    Hub& operator=(const Hub&) = delete;
    ~Hub();

    std::vector<std::shared_ptr<libcamera::Camera>> cameras() const { return manager_.cameras(); }
    libcamera::CameraManager& manager() noexcept { return manager_; }

    // Calls the listener while it lives; its destructor waits for a call that is under way.
    class Subscription {
      public:
        Subscription(Hub& hub, Listener listener);
        ~Subscription();
        Subscription(const Subscription&) = delete;
        Subscription& operator=(const Subscription&) = delete;

      private:
        Hub& hub_;
        Listener listener_;
    };

  private:
    Hub();
    void tell(Event event, const std::shared_ptr<libcamera::Camera>& camera);

    std::mutex mutex_;
    std::vector<const Listener*> listeners_;
    libcamera::CameraManager manager_;
};

// How they are told apart, in the same order.
std::vector<CameraName> names_of(const std::vector<std::shared_ptr<libcamera::Camera>>& cameras);

}  // namespace onlooker::drivers::libcamera_driver
