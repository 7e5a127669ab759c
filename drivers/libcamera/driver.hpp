// The driver of cameras behind libcamera: Raspberry Pi's camera modules, the cameras of phones and
// notebooks that need an image pipeline, and USB cameras too.
//
// From one frames() to the next it keeps the camera manager, so that reopening is quick.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "camera/driver.hpp"
#include "libcamera/hub.hpp"
#include "libcamera/settings.hpp"

namespace onlooker::drivers::libcamera_driver {

class LibcameraDriver final : public camera::Driver {
  public:
    explicit LibcameraDriver(Settings settings);

    Generator<camera::Captured> frames(camera::CaptureContext& context) override;
    double nominal_rate() const noexcept override { return settings_.rate; }
    // Any node: a camera that comes back may get another number, and has several besides.
    std::string watch_path() const override;

  private:
    std::shared_ptr<libcamera::Camera> find(Hub& hub, camera::CaptureContext& context);

    const Settings settings_;
    std::shared_ptr<Hub> hub_;  // capture thread
    // Something came, but the hub has not shown the camera; capture thread.
    bool missed_arrival_ = false;
};

}  // namespace onlooker::drivers::libcamera_driver
