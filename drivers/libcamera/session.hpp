// One camera from acquire() to release(): set up, its buffers mapped, its requests going round. A
// picture is lent straight from the camera's buffer, which goes back when next() is called again.
//
// Owner: the driver's generator. Thread: the capture thread.
#pragma once

#include <libcamera/camera.h>
#include <libcamera/request.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/pace.hpp"
#include "camera/driver.hpp"
#include "libcamera/buffers.hpp"
#include "libcamera/control_values.hpp"
#include "libcamera/device_nodes.hpp"
#include "libcamera/hub.hpp"
#include "libcamera/pacing.hpp"
#include "libcamera/picture_setup.hpp"
#include "libcamera/requests.hpp"
#include "libcamera/settings.hpp"

namespace onlooker::drivers::libcamera_driver {

class Session {
  public:
    // Sets the camera up; it does not run yet. It begins with the controls of the settings, and
    // with the changes that wait in the context. Throws camera::CameraError.
    Session(std::shared_ptr<Hub> hub, std::shared_ptr<libcamera::Camera> camera,
            const Settings& settings, camera::CaptureContext& context);
    // Stops the camera, whatever it is doing.
    ~Session();
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    // Throws camera::CameraError.
    void start();
    // The next picture, or nothing when a stop is requested. Throws camera::CameraError.
    std::optional<camera::Captured> next();

  private:
    // Hands the camera back when the rest of the session could not be made, too.
    class Acquired {
      public:
        Acquired(std::shared_ptr<libcamera::Camera> camera, const std::string& title);
        ~Acquired();
        Acquired(const Acquired&) = delete;
        Acquired& operator=(const Acquired&) = delete;

      private:
        std::shared_ptr<libcamera::Camera> camera_;
    };

    void prepare_controls();
    void return_lent();
    void apply_changes();
    bool sleep_until_due();
    std::optional<camera::Captured> consider(const Requests::Finished& finished);
    media::RawImage raw_picture(const libcamera::FrameBuffer& buffer) const;
    std::optional<media::Picture> picture_of(const libcamera::FrameBuffer& buffer) const;
    camera::CameraError silent() const;

    const std::shared_ptr<Hub> hub_;
    const std::shared_ptr<libcamera::Camera> camera_;
    const Settings& settings_;
    camera::CaptureContext& context_;
    const std::string title_;
    const Acquired acquired_;
    const DeviceNodes nodes_;

    const PictureSetup setup_;
    const Buffers buffers_;
    CameraControls controls_;  // made when set up: the mode decides ranges
    Requests requests_;

    Pace pace_;
    SteadyClock::duration oldest_;
    std::chrono::milliseconds patience_{};
    SteadyTime asked_{};  // when the picture was that is being waited for
    std::optional<Requests::Finished> lent_;
    std::uint32_t unreadable_ = 0;  // pictures since the last that was passed on
};

}  // namespace onlooker::drivers::libcamera_driver
