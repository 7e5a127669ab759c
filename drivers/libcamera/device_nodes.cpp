#include "libcamera/device_nodes.hpp"

#include <unistd.h>

#include <sys/sysmacros.h>

#include <algorithm>
#include <filesystem>
#include <system_error>

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

std::string DeviceNodes::first_path() const {
    if (numbers_.empty())
        return {};
    std::error_code error;
    const auto device = std::filesystem::read_symlink(system_path(numbers_.front()), error);
    return error ? std::string() : "/dev/" + device.filename().string();
}

}  // namespace onlooker::drivers::libcamera_driver
