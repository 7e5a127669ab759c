#include "libcamera/device_nodes.hpp"

#include <unistd.h>

#include <sys/sysmacros.h>

#include <algorithm>
#include <string>

namespace onlooker::drivers::libcamera_driver {

namespace {

std::string system_path(dev_t number) {
    return "/sys/dev/char/" + std::to_string(major(number)) + ":" + std::to_string(minor(number));
}

}  // namespace

bool DeviceNodes::are_there() const {
    return std::ranges::all_of(
        numbers_, [](dev_t number) { return ::access(system_path(number).c_str(), F_OK) == 0; });
}

}  // namespace onlooker::drivers::libcamera_driver
