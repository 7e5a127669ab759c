// An open V4L2 device: closed when this object goes.
//
// It is checked that the path is a device that captures pictures, since a UVC camera has a
// second node that gives metadata only, and codecs and outputs are /dev/videoN too. Errors are
// CameraError. Thread: the capture thread.
#pragma once

#include <linux/videodev2.h>

#include <string>

#include "v4l2/errors.hpp"
#include "v4l2/kernel.hpp"

namespace onlooker::drivers::v4l2 {

class Device {
  public:
    // Opens `path`; asks QUERYCAP. Throws when it is not a capture device that streams.
    Device(Kernel& kernel, std::string path);
    Device(const Device&) = delete;
    Device& operator=(const Device&) = delete;
    ~Device();

    // The request's result: 0, or the errno value. Repeats after EINTR.
    int try_call(unsigned long request, void* argument) const;

    // The same, but a failure throws in words.
    void call(Step step, unsigned long request, void* argument) const;

    bool multiplanar() const noexcept { return multiplanar_; }
    // The buffer type of pictures: single- or multi-planar capture.
    v4l2_buf_type type() const noexcept {
        return multiplanar_ ? V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE : V4L2_BUF_TYPE_VIDEO_CAPTURE;
    }
    int fd() const noexcept { return fd_; }
    Kernel& kernel() const noexcept { return kernel_; }
    const std::string& path() const noexcept { return path_; }
    const std::string& card() const noexcept { return card_; }
    const std::string& bus() const noexcept { return bus_; }
    const std::string& driver() const noexcept { return driver_; }

  private:
    void ask_capabilities();

    Kernel& kernel_;
    std::string path_;
    std::string card_;    // "HD Pro Webcam C920"
    std::string bus_;     // "usb-0000:00:14.0-1.2"
    std::string driver_;  // "uvcvideo"
    int fd_ = -1;
    bool multiplanar_ = false;
};

}  // namespace onlooker::drivers::v4l2
