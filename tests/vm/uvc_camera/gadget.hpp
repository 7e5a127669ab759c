// The control side of the camera: end point 0 through GadgetFS.
//
// GadgetFS makes a USB device out of an ordinary program: the descriptors are written into
// /dev/gadget/<controller>, requests that the kernel does not answer itself are read from it, and
// each end point is a file beside it. Closing the file unplugs the device.
// Source: the kernel's include/uapi/linux/usb/gadgetfs.h and drivers/usb/gadget/legacy/inode.c.
#pragma once

#include <linux/usb/ch9.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

#include "base/unique_fd.hpp"
#include "uvc_camera/camera_controls.hpp"
#include "uvc_camera/descriptors.hpp"

namespace uvc_camera {

class Gadget {
  public:
    // Plugs the camera in. `on_configured` is called when the host has chosen its configuration:
    // the end point can be opened from then on.
    Gadget(const std::string& folder, std::string serial, std::function<void()> on_configured);

    // Answers the host until the descriptor fails; returns when the device has gone. Each control
    // that the host sets is told on standard output: "brightness 140".
    void run();

  private:
    void answer(const usb_ctrlrequest& request);
    void answer_standard(const usb_ctrlrequest& request);
    void answer_streaming(const usb_ctrlrequest& request);
    void take_wish(const Octets& wish);  // of a format
    void answer_control(const usb_ctrlrequest& request, std::size_t index);
    void set_control(const usb_ctrlrequest& request, std::size_t index);
    void send(const Octets& octets, const usb_ctrlrequest& request);
    Octets receive(const usb_ctrlrequest& request);
    void set_waiting(bool waits);  // whether a read waits
    void refuse(const usb_ctrlrequest& request);
    void answer_unseen(const Octets& octets);

    onlooker::UniqueFd control_;
    std::string serial_;
    std::function<void()> on_configured_;
    bool configured_ = false;
    bool overtaken_ = false;  // the last receive() was too late
    Octets early_data_;       // of the request whose event comes next
    std::uint8_t frame_index_ = 1;
    std::uint32_t interval_ = frame_intervals[0];
    std::array<std::uint32_t, camera_controls.size()> values_{};  // of the controls
};

}  // namespace uvc_camera
