// The input of a device and its signal: which input, which TV standard, which HDMI timings.
//
// A webcam has one input and neither. A grabber has to be told the timings of what is plugged into
// it, which it can measure (QUERY_DV_TIMINGS), and tells by an event when they change.
// Errors: CameraError, kind no_signal where the wire is silent. Thread: the capture thread.
#pragma once

#include <optional>
#include <string>

#include "v4l2/device.hpp"
#include "v4l2/settings.hpp"

namespace onlooker::drivers::v4l2 {

struct Signal {
    // The size that the signal has, where the input has one of its own (HDMI, TV); the device is
    // not asked for another one unless the user does.
    std::optional<Size> size;
};

// Selects the input, sets standard or timings to what is there, and subscribes to changes.
Signal follow_signal(const Device& device, const Settings& settings);

// What QUERY_DV_TIMINGS says when it fails with `error`, in words; null when that is not about the
// signal. Pure.
const char* timing_words(int error) noexcept;

// What the status word of an input says about its signal; null when it has one. Pure.
const char* status_words(unsigned status) noexcept;

// Reads the events that wait; true when one says that the picture's size may have changed.
// Throws when the device has gone.
bool source_changed(const Device& device);

}  // namespace onlooker::drivers::v4l2
