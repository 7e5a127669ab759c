// Which device file is meant: by path, by number, by serial number, by USB port, or the first.
//
//     /dev/video0    /dev/v4l/by-id/usb-...-video-index0    0
//     serial:1A2B3C  usb:1-1.2
//     (nothing)      the first device that captures in a format that is known here
//
// Serial numbers and ports are read from sysfs, so they work where no udev makes links.
// Thread: the capture thread, or the main thread for --list-cameras and when options are read.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "v4l2/kernel.hpp"

namespace onlooker::drivers::v4l2 {

// Where to look; tests have a tree of their own.
struct Places {
    std::string dev = "/dev";
    std::string sys = "/sys";
};

// A video node as sysfs tells of it, whether it captures or not.
struct Node {
    std::string path;      // "/dev/video0"
    std::string usb_port;  // "1-1.2"; empty when it is not on USB
    std::string serial;    // of the USB device; empty when it has none
    std::string link;      // "/dev/v4l/by-id/..."; empty when udev made none
    unsigned number = 0;
    unsigned index = 0;  // among the nodes of one device
};

// All of them, by number.
std::vector<Node> list_nodes(const Places& places);

// Null, or what is wrong with `source`.
const char* source_complaint(std::string_view source) noexcept;

// The path to open. Throws camera::CameraError: not_found when there is no such device now.
std::string resolve_source(Kernel& kernel, const std::string& source, const Places& places = {});

// The path whose appearance means that `source` may be there now; a folder, with a slash at its
// end, where the name of the node is not known beforehand.
std::string path_to_watch(const std::string& source, const Places& places = {});

// Whether it is a camera: it captures, in a format that is known here, and is not a stage of a
// processing chain (the ISPs of a Raspberry Pi capture only what is fed to them).
bool is_camera(Kernel& kernel, const std::string& path);

}  // namespace onlooker::drivers::v4l2
