#include "v4l2/device.hpp"

#include <fcntl.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace onlooker::drivers::v4l2 {
namespace {

template <std::size_t N>
std::string text_of(const __u8 (&field)[N]) {
    const char* text = reinterpret_cast<const char*>(field);
    return {text, ::strnlen(text, N)};
}

}  // namespace

Device::Device(Kernel& kernel, std::string path) : kernel_(kernel), path_(std::move(path)) {
    do {
        fd_ = kernel_.open(path_.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC);
    } while (fd_ < 0 && errno == EINTR);
    if (fd_ < 0)
        throw device_error(Step::opening, errno, path_);
    try {
        ask_capabilities();
    } catch (...) {
        kernel_.close(fd_);
        throw;
    }
}

Device::~Device() {
    kernel_.close(fd_);
}

void Device::ask_capabilities() {
    v4l2_capability answer{};
    call(Step::querying, VIDIOC_QUERYCAP, &answer);
    card_ = text_of(answer.card);
    bus_ = text_of(answer.bus_info);
    driver_ = text_of(answer.driver);
    const __u32 can =
        answer.capabilities & V4L2_CAP_DEVICE_CAPS ? answer.device_caps : answer.capabilities;
    multiplanar_ = (can & V4L2_CAP_VIDEO_CAPTURE) == 0;
    if ((can & (V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_VIDEO_CAPTURE_MPLANE)) == 0)
        throw failed(path_,
                     "gives no pictures (a metadata or output node): take another one of "
                     "'onlooker --list-cameras'");
    if ((can & V4L2_CAP_STREAMING) == 0)
        throw failed(path_, "cannot stream: its kernel driver only knows read()");
}

int Device::try_call(unsigned long request, void* argument) const {
    int result = 0;
    do {
        result = kernel_.ioctl(fd_, request, argument);
    } while (result < 0 && errno == EINTR);
    return result < 0 ? errno : 0;
}

void Device::call(Step step, unsigned long request, void* argument) const {
    if (const int error = try_call(request, argument); error != 0)
        throw device_error(step, error, path_);
}

}  // namespace onlooker::drivers::v4l2
