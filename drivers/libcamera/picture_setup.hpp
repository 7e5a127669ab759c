// What a camera is set up to give: wished for by the user, offered and changed by its pipeline, and
// agreed.
//
// libcamera's validate() takes a wish and returns what it would make of it. So the sizes that come
// nearest to the wished one are tried in turn, and the best answer is taken.
//
// Owner: the session. Thread: the capture thread.
#pragma once

#include <libcamera/camera.h>

#include <memory>
#include <string>

#include "camera/driver.hpp"
#include "libcamera/formats.hpp"
#include "libcamera/settings.hpp"

namespace onlooker::drivers::libcamera_driver {

class PictureSetup {
  public:
    // Configures the camera, which was acquired, and warns of what it gives in place of what was
    // wished. `title` names it in what is said. Throws camera::CameraError.
    PictureSetup(libcamera::Camera& camera, const Settings& settings, const std::string& title,
                 camera::CaptureContext& context);

    const libcamera::StreamConfiguration& configuration() const { return configuration_->at(0); }
    const libcamera::Stream* stream() const { return configuration().stream(); }
    const KnownFormat& format() const noexcept { return *format_; }
    PictureSize size() const;

  private:
    void negotiate(const Settings& settings, const std::string& title);
    bool attempt(const KnownFormat& format, PictureSize size, Flip flip);
    void tell_adjustments(const Settings& settings, const std::string& title,
                          camera::CaptureContext& context) const;

    std::unique_ptr<libcamera::CameraConfiguration> configuration_;
    const KnownFormat* format_ = nullptr;
};

}  // namespace onlooker::drivers::libcamera_driver
