#include "v4l2/kernel.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <sys/ioctl.h>
#include <sys/mman.h>

namespace onlooker::drivers::v4l2 {
namespace {

class SystemKernel final : public Kernel {
  public:
    int open(const char* path, int flags) override { return ::open(path, flags); }
    int close(int fd) override { return ::close(fd); }
    int ioctl(int fd, unsigned long request, void* argument) override {
        return ::ioctl(fd, request, argument);
    }
    int poll(pollfd* descriptors, std::size_t count, int timeout_ms) override {
        return ::poll(descriptors, count, timeout_ms);
    }
    void* map(std::size_t length, int fd, std::int64_t offset) override {
        void* address = ::mmap(nullptr, length, PROT_READ | PROT_WRITE, MAP_SHARED, fd, offset);
        return address == MAP_FAILED ? nullptr : address;
    }
    int unmap(void* address, std::size_t length) override { return ::munmap(address, length); }
};

}  // namespace

Kernel& system_kernel() noexcept {
    static SystemKernel kernel;
    return kernel;
}

}  // namespace onlooker::drivers::v4l2
