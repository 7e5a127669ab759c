// Between libcamera's typed controls and the plain numbers of control_table.hpp.
//
// libcamera ends the program when a value has not exactly the type of its control, so values are
// made here only, and only for controls that the camera has.
#pragma once

#include <libcamera/camera.h>
#include <libcamera/controls.h>

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "camera/driver.hpp"
#include "libcamera/control_table.hpp"

namespace onlooker::drivers::libcamera_driver {

// Whether any camera of libcamera has a control of this id. No camera is opened for it.
bool is_libcamera_control(std::string_view id);

// The controls of one opened camera: what there is, and what was asked for.
class CameraControls {
  public:
    explicit CameraControls(const libcamera::Camera& camera);

    // Takes what the user wrote; tells of what the camera does not have or cannot take.
    void want(const WantedControl& wanted, const std::function<void(const std::string&)>& warn);
    // The same for a change at run time. False when there is no such control.
    bool want(std::string_view id, double value);
    // The rate, where the camera keeps one by itself. False when it does not.
    bool want_rate(double rate);

    // What was asked for and not yet handed over, as libcamera takes it.
    libcamera::ControlList take_pending();
    bool pending() const noexcept { return !pending_.empty(); }

    // All controls with the values that were asked for, by name.
    std::vector<camera::Control> list() const;
    // The value asked for, or what the camera begins with.
    double value(std::string_view id, double otherwise) const;
    // The highest rate the camera says it has; 0 when it does not say.
    double highest_rate() const noexcept { return highest_rate_; }

  private:
    struct Entry {
        const libcamera::ControlId* id = nullptr;
        ControlDescription description;
        std::optional<double> value;
    };

    const libcamera::ControlInfoMap& info_;
    std::map<std::string, Entry, std::less<>> entries_;  // by control_id()
    libcamera::ControlList pending_;
    double highest_rate_ = 0;
};

}  // namespace onlooker::drivers::libcamera_driver
