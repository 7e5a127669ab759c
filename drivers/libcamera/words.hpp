// Why there is no camera, in words for the user. libcamera itself only shows an empty list, whether
// there is no camera, no permission, or no udev; what the system looks like tells which.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "camera/driver.hpp"
#include "libcamera/settings.hpp"

namespace onlooker::drivers::libcamera_driver {

struct SystemFacts {
    std::vector<std::string> media_nodes;      // /dev/media0, ...
    std::vector<std::string> forbidden_nodes;  // those of them that we may not open
    std::string group;                         // that of the first forbidden node
    int refusal = 0;                           // the errno of opening it
    bool arriving = false;                     // one of the nodes is quite new
    bool udev_runs = true;                     // libcamera lists only what udev has seen
};

SystemFacts look_at_system();

// No camera at all.
camera::CameraError no_camera(const SystemFacts& facts);
// There are cameras, but none, or more than one, that the source could mean.
camera::CameraError no_such_camera(std::string_view source, const std::vector<CameraName>& cameras,
                                   const SystemFacts& facts);
// acquire() failed with this error number.
camera::CameraError cannot_acquire(const std::string& title, int error);
// configure() or start() failed with this error number.
camera::CameraError cannot_start(const std::string& title, int error);
camera::CameraError unplugged(const std::string& title);

// "imx708 (/base/soc/i2c0mux/i2c@1/imx708@1a)"
std::string title_of(const CameraName& camera);

}  // namespace onlooker::drivers::libcamera_driver
