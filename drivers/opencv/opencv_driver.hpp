// Whatever OpenCV can open: cameras, files, streams, GStreamer pipelines.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "camera/driver.hpp"
#include "opencv/opencv_settings.hpp"

namespace onlooker::drivers {

struct Handover;

class OpencvDriver : public camera::Driver {
  public:
    explicit OpencvDriver(OpencvSettings options) : options_(std::move(options)) {}

    Generator<camera::Captured> frames(camera::CaptureContext& context) override;
    double nominal_rate() const noexcept override { return options_.rate.value_or(0); }
    std::string watch_path() const override { return options_.device(); }

  private:
    void wait_for_the_last_reader(camera::CaptureContext& context) const;

    OpencvSettings options_;
    std::shared_ptr<Handover> last_;  // of the reader before, which may still hold the device
};

namespace opencv {

camera::DriverEntry entry();

}  // namespace opencv

}  // namespace onlooker::drivers
