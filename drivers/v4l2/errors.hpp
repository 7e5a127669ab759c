// What went wrong with a device, in words for its user: what happened, to which thing, what to do.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "camera/driver.hpp"

namespace onlooker::drivers::v4l2 {

// What the driver was doing when a system call failed; the same errno means different things.
enum class Step : std::uint8_t {
    opening,
    querying,
    choosing_input,
    setting_format,
    making_buffers,
    starting,
    capturing,
};

// The programs that have a device open.
struct Holders {
    unsigned own_handles = 0;  // of this program
    std::string others;        // "ustreamer (pid 1234)", several joined by ", "
};

// Nobody is found where /proc does not show other users' programs. `proc` is a parameter for tests.
Holders holders_of(const std::string& path, const std::string& proc = "/proc");

// "user 'bea' is not in group 'video': run ..." for a device file that we may not open.
std::string permission_words(const std::string& path);
// The same where the file would let us (EPERM and not EACCES): the list of devices of a service or
// of a container, the kernel's device cgroup, refused it.
std::string sandbox_words(const std::string& path);

// The error for errno value `error`. Reads /proc and the device file's owner where that helps.
camera::CameraError device_error(Step step, int error, const std::string& path);

// The same with words of the caller's own.
camera::CameraError failed(const std::string& path, std::string_view words);
camera::CameraError no_signal(const std::string& path, std::string_view words);

}  // namespace onlooker::drivers::v4l2
