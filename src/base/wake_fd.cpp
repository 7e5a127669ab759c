#include "base/wake_fd.hpp"

#include <sys/eventfd.h>

#include <cerrno>
#include <system_error>

namespace onlooker {

WakeFd::WakeFd() : event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (!event_)
        throw std::system_error(errno, std::generic_category(), "eventfd");
}

void WakeFd::raise() noexcept {
    // It fails only when the count is full, and then the descriptor is readable as it is.
    ::eventfd_write(event_.get(), 1);
}

void WakeFd::lower() noexcept {
    eventfd_t ignored = 0;
    ::eventfd_read(event_.get(), &ignored);
}

}  // namespace onlooker
