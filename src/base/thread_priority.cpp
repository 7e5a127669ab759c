#include "base/thread_priority.hpp"

#include <unistd.h>

#include <sys/resource.h>

namespace onlooker {

// Linux has a priority for each thread (setpriority(2), "C library/kernel differences").
void give_way_to_the_loop() noexcept {
    constexpr int nicer = 5;
    const auto self = static_cast<id_t>(::gettid());
    ::setpriority(PRIO_PROCESS, self, ::getpriority(PRIO_PROCESS, self) + nicer);
}

}  // namespace onlooker
