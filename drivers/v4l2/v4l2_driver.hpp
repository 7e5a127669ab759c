// The driver of the kernel's cameras: webcams, HDMI and TV grabbers, camera ports (V4L2).
//
// frames() opens the device each time it is called, so that a reconnect begins from nothing. The
// controls of the options are set then, since a camera forgets them when unplugged, and behind them
// those that the program asks for again (camera/control_wishes.hpp).
#pragma once

#include <memory>
#include <string>

#include "camera/driver.hpp"
#include "v4l2/kernel.hpp"
#include "v4l2/naming.hpp"
#include "v4l2/settings.hpp"

namespace onlooker::drivers::v4l2 {

class V4l2Driver final : public camera::Driver {
  public:
    V4l2Driver(Settings settings, Kernel& kernel, Places places = {});

    Generator<camera::Captured> frames(camera::CaptureContext& context) override;
    double nominal_rate() const noexcept override { return settings_.fps; }
    std::string watch_path() const override;

  private:
    const Settings settings_;
    Kernel& kernel_;
    const Places places_;
};

}  // namespace onlooker::drivers::v4l2
