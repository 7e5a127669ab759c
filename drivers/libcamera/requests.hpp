// The requests of one camera, going round: each is a buffer that the camera is asked to fill.
//
//     give_back() --> camera --> requestCompleted --> Completions --> take() --> the session
//          ^                                                                        |
//          +------------------- when the picture is no longer wanted ---------------+
//
// They run from start() until the destructor, which stops the camera, whatever it is doing.
//
// Owner: the session. Thread: the capture thread; only on_completed() runs on libcamera's.
#pragma once

#include <libcamera/camera.h>
#include <libcamera/request.h>

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "libcamera/completions.hpp"
#include "libcamera/device_nodes.hpp"
#include "libcamera/hub.hpp"

namespace onlooker::drivers::libcamera_driver {

class Requests {
  public:
    // `title` names the camera in what is said. All that is handed over outlives this. Throws
    // camera::CameraError, as do all functions here but stopping.
    Requests(Hub& hub, libcamera::Camera& camera, const std::string& title,
             const DeviceNodes& nodes, const libcamera::Stream& stream,
             const std::vector<libcamera::FrameBuffer*>& buffers);
    ~Requests();
    Requests(const Requests&) = delete;
    Requests& operator=(const Requests&) = delete;

    void start(const libcamera::ControlList& controls);

    struct Finished {
        libcamera::Request* request = nullptr;
        const libcamera::FrameBuffer* buffer = nullptr;
        SteadyTime time{};
    };
    // The newest request that brought a picture, if there is one. It is the caller's until it is
    // given back.
    std::optional<Finished> take();
    // With the controls that the camera is to have from here on.
    void give_back(libcamera::Request* request, const libcamera::ControlList& controls);
    // Waits until take() may have something, `until` is over, or `stop` is readable.
    void wait(int stop, SteadyTime until) const;

    // Throws when the camera was unplugged.
    void check_plugged() const;
    // How many pictures came broken since this was last asked.
    std::uint32_t take_broken() noexcept;

  private:
    struct Resting {
        libcamera::Request* request = nullptr;
        SteadyTime until;
    };

    void make(const std::vector<libcamera::FrameBuffer*>& buffers);
    void stop() noexcept;
    void on_completed(libcamera::Request* request);
    void give_back_displaced(libcamera::Request* request);
    void queue(libcamera::Request* request);
    void queue_waiting(SteadyTime now);
    bool wait_for_removal() const;
    [[noreturn]] void refused(int error) const;

    Hub& hub_;
    libcamera::Camera& camera_;
    const std::string& title_;
    const DeviceNodes& nodes_;
    const libcamera::Stream& stream_;
    std::vector<std::unique_ptr<libcamera::Request>> requests_;
    Completions completions_;
    std::optional<Hub::Subscription> subscription_;
    std::deque<Resting> resting_;
    std::uint32_t broken_ = 0;
    bool running_ = false;
};

}  // namespace onlooker::drivers::libcamera_driver
