// What a driver could leave behind in its process: descriptors, threads, memory.
//
//     leaves_nothing_behind(1000, [&] { start_and_stop(); });
#pragma once

#include <malloc.h>

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <future>
#include <iterator>
#include <sstream>
#include <string>
#include <thread>

#include "support/emulated.hpp"

namespace onlooker::test::contract {

inline std::size_t entries_of(const char* folder) {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder),
                                                  std::filesystem::directory_iterator()));
}

// Whether the thread of this folder of /proc/self/task is more than a name. One that has ended and
// was joined may be listed for a moment longer, on a busy machine for many; the kernel marks it
// (PF_EXITING of linux/sched.h, in the ninth field of proc(5)'s stat) before it wakes who joins it.
inline bool is_running(const std::filesystem::path& thread) {
    constexpr unsigned long exiting = 0x4;
    std::string line;
    std::getline(std::ifstream(thread / "stat"), line);
    const auto name_end = line.rfind(')');  // the name may hold anything
    if (name_end == std::string::npos)
        return false;  // gone since it was listed
    std::istringstream fields(line.substr(name_end + 1));
    std::string skipped;
    for (int i = 3; i < 9; ++i)
        fields >> skipped;
    unsigned long flags = 0;
    return (fields >> flags) && (flags & exiting) == 0;
}

inline std::size_t running_threads() {
    return static_cast<std::size_t>(
        std::ranges::count_if(std::filesystem::directory_iterator("/proc/self/task"),
                              std::filesystem::directory_iterator(),
                              [](const auto& entry) { return is_running(entry.path()); }));
}

// Under a sanitizer, which has an allocator of its own, `octets` stays 0 and the sanitizer counts
// instead.
struct Resources {
    std::size_t descriptors = entries_of("/proc/self/fd");
    std::size_t threads = running_threads();
    std::size_t octets = ::mallinfo2().uordblks;
};

// The threads of the second look, once those have ended that are about to. A thread that was joined
// has ended, but qemu-user tells whoever joins it before it ends its own thread.
inline std::size_t threads_left(const Resources& before, const Resources& after) {
    std::size_t threads = after.threads;
    for (int i = 0; is_emulated() && threads > before.threads && i < 1'000; ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
        threads = running_threads();
    }
    return threads;
}

// Does something so many times, and checks that nothing of it is left, at once: what a driver has
// not let go of when its generator is destroyed, it has left behind.
//
// In a thread of its own, as each opening of a camera has one: malloc keeps what a thread freed for
// that thread's next need, and counts it as used until the thread has ended.
template <typename Action>
void leaves_nothing_behind(int times, Action action) {
    const auto repeat = [&action](int count) {
        for (int i = 0; i < count; ++i)
            action();
    };
    // get() joins the thread, and throws what a REQUIRE in it throws.
    std::async(std::launch::async, repeat, 2).get();  // what is made once and kept
    const Resources before;
    std::async(std::launch::async, repeat, times).get();
    const Resources after;
    CHECK(after.descriptors == before.descriptors);
    // Fewer are no leak: GStreamer's threads end a while after their last pipeline.
    CHECK(threads_left(before, after) <= before.threads);
    // This thread, too, and those of libraries, keep a few small blocks that they freed.
    constexpr std::size_t kept_by_others = 1024;
    CHECK(after.octets <= before.octets + kept_by_others);
}

}  // namespace onlooker::test::contract
