// The picture side of the camera: sends JPEG files as frames through the bulk end point.
#pragma once

#include <atomic>
#include <chrono>
#include <string>
#include <vector>

#include "base/unique_fd.hpp"
#include "uvc_camera/descriptors.hpp"

namespace uvc_camera {

// What the operator may do to the camera while it runs; set by signals.
struct Moods {
    std::atomic<bool> silent = false;      // sends nothing
    std::atomic<bool> break_next = false;  // the next frame ends half-way, marked as an error
    std::atomic<bool> cut_next = false;    // the next frame ends half-way, and nobody says so
};

// Opens and sets up the bulk end point in GadgetFS's `folder`; to be called while the host chooses
// its configuration. Throws std::system_error.
onlooker::UniqueFd open_end_point(const std::string& folder);

// Sends the pictures in turn until the device has gone. Whatever size the host asked for, they go
// out as they are.
void send_pictures(int end_point, const std::vector<Octets>& pictures,
                   std::chrono::nanoseconds interval, Moods& moods);

}  // namespace uvc_camera
