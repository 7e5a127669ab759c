// One camera from acquire() to release(): configured, its buffers mapped, its requests going round.
//
//     queueRequest() --> camera --> requestCompleted --> Completions --> next() --> the program
//          ^                                                               |
//          +--------------- when the next picture is asked for ------------+
//
// A picture is lent straight from the camera's buffer; its request goes back to the camera when
// next() is called again. The destructor stops the camera, whatever it is doing.
//
// Thread: the capture thread; only on_completed() runs on libcamera's.
#pragma once

#include <libcamera/camera.h>
#include <libcamera/request.h>
#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "camera/driver.hpp"
#include "libcamera/buffers.hpp"
#include "libcamera/completions.hpp"
#include "libcamera/control_values.hpp"
#include "libcamera/hub.hpp"
#include "libcamera/pacing.hpp"
#include "libcamera/picture_setup.hpp"
#include "libcamera/settings.hpp"

namespace onlooker::drivers::libcamera_driver {

class Session {
  public:
    // `wanted` are the controls to begin with; changes at run time are added to it, so that the
    // next session begins with them. Throws camera::CameraError.
    Session(std::shared_ptr<Hub> hub, std::shared_ptr<libcamera::Camera> camera,
            const Settings& settings, std::vector<WantedControl>& wanted,
            camera::CaptureContext& context);
    ~Session();
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    // The next picture, or nothing when a stop is requested. Throws camera::CameraError.
    std::optional<camera::Captured> next();

    // The device numbers of the camera's video nodes.
    const std::vector<dev_t>& nodes() const noexcept { return nodes_; }
    const std::string& title() const noexcept { return title_; }

  private:
    struct Resting {
        libcamera::Request* request = nullptr;
        Clock::time_point until;
    };

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
    void make_requests();
    void start();
    void stop() noexcept;

    void on_completed(libcamera::Request* request);
    void give_back(libcamera::Request* request);
    void queue(libcamera::Request* request);
    bool device_is_there() const;
    bool wait_for_removal() const;
    [[noreturn]] void refused(int error);

    void return_lent();
    void return_waiting(Clock::time_point now);
    void take_changes();
    bool sleep_until_due();
    void wait_for_completion(Clock::time_point silent_at) const;
    std::optional<camera::Captured> consider(const Completions::Finished& finished);
    std::optional<media::Picture> picture_of(const libcamera::FrameBuffer& buffer) const;

    const std::shared_ptr<Hub> hub_;
    const std::shared_ptr<libcamera::Camera> camera_;
    const Settings& settings_;
    std::vector<WantedControl>& wanted_;
    camera::CaptureContext& context_;
    const std::string title_;
    Acquired acquired_;
    std::vector<dev_t> nodes_;

    PictureSetup setup_;
    std::unique_ptr<Buffers> buffers_;
    std::optional<CameraControls> controls_;  // made when set up: the mode decides ranges
    std::vector<std::unique_ptr<libcamera::Request>> requests_;
    Completions completions_;
    std::unique_ptr<Hub::Subscription> subscription_;
    bool running_ = false;

    RateLimit limit_;
    std::chrono::milliseconds patience_{};
    Clock::time_point asked_{};  // when the picture was that is being waited for
    libcamera::Request* lent_ = nullptr;
    std::deque<Resting> resting_;
    std::uint32_t lost_ = 0;
};

}  // namespace onlooker::drivers::libcamera_driver
