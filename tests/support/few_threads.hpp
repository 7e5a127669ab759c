// A process that can start no more than one or two threads. Not under a sanitizer, which takes most
// of the address space.
#pragma once

#include <pthread.h>
#include <unistd.h>

#include <sys/resource.h>

#include <cstddef>
#include <fstream>

namespace onlooker::test {

// While one lives, there is room for the stacks of one or two more threads, or for none.
class FewThreads {
  public:
    enum class Room { few, none };

    explicit FewThreads(Room room = Room::few) {
        ::getrlimit(RLIMIT_AS, &limit_);
        ::pthread_getattr_default_np(&attributes_);
        pthread_attr_t large = attributes_;
        ::pthread_attr_setstacksize(&large, stack);
        ::pthread_setattr_default_np(&large);
        const std::size_t room_for = room == Room::few ? stack * 5 / 2 : stack / 2;
        const rlimit few{.rlim_cur = address_space() + room_for, .rlim_max = limit_.rlim_max};
        ::setrlimit(RLIMIT_AS, &few);
    }
    ~FewThreads() {
        ::setrlimit(RLIMIT_AS, &limit_);
        ::pthread_setattr_default_np(&attributes_);
    }
    FewThreads(const FewThreads&) = delete;
    FewThreads& operator=(const FewThreads&) = delete;

  private:
    static constexpr std::size_t stack = std::size_t{256} << 20;

    static std::size_t address_space() {
        std::size_t pages = 0;
        std::ifstream("/proc/self/statm") >> pages;
        return pages * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    }

    rlimit limit_{};
    pthread_attr_t attributes_{};
};

}  // namespace onlooker::test
