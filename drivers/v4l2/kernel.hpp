// The seam between the driver and the kernel: the six system calls that it makes on a device.
//
// The program uses system_kernel(); unit tests hand in a scripted camera, which can let the n-th
// call fail for every n. Each function is its system call, errno included; it is not retried here.
// Only map() says a failure with a null pointer.
// Thread: the capture thread of the camera, or the main thread for --list-cameras.
#pragma once

#include <poll.h>

#include <cstddef>
#include <cstdint>

namespace onlooker::drivers::v4l2 {

class Kernel {
  public:
    virtual ~Kernel() = default;
    virtual int open(const char* path, int flags) = 0;
    virtual int close(int fd) = 0;
    virtual int ioctl(int fd, unsigned long request, void* argument) = 0;
    virtual int poll(pollfd* descriptors, std::size_t count, int timeout_ms) = 0;
    virtual void* map(std::size_t length, int fd, std::int64_t offset) = 0;
    virtual int unmap(void* address, std::size_t length) = 0;
};

// The real one; lives as long as the program.
Kernel& system_kernel() noexcept;

}  // namespace onlooker::drivers::v4l2
