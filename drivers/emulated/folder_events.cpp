#include "emulated/folder_events.hpp"

#include <unistd.h>

#include <sys/inotify.h>

#include <array>
#include <cstring>

namespace onlooker::drivers {

FolderEvents::FolderEvents(const std::filesystem::path& folder)
    : inotify_(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK)) {
    if (inotify_)
        ::inotify_add_watch(inotify_.get(), folder.c_str(),
                            IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE);
}

bool FolderEvents::take() {
    if (!inotify_)
        return false;
    bool any = false;
    // Bounded, should the folder be written to faster than this reads.
    constexpr int most_reads = 64;
    std::array<char, 4096> buffer{};
    for (int i = 0; i < most_reads; ++i) {
        const ssize_t count = ::read(inotify_.get(), buffer.data(), buffer.size());
        if (count <= 0)
            break;
        const std::string_view octets(buffer.data(), static_cast<std::size_t>(count));
        for (std::size_t at = 0; at < octets.size();)
            take_one(octets, at);
        any = true;
    }
    return any;
}

// The event at `at`, which moves behind it.
void FolderEvents::take_one(std::string_view octets, std::size_t& at) {
    constexpr std::size_t most_names = 10'000;
    inotify_event event{};
    std::memcpy(&event, octets.data() + at, sizeof event);
    const std::string_view padded = octets.substr(at + sizeof event, event.len);
    at += sizeof event + event.len;
    if ((event.mask & (IN_CLOSE_WRITE | IN_MOVED_TO)) != 0 && finished_.size() < most_names)
        finished_.emplace(padded.substr(0, padded.find('\0')));
}

}  // namespace onlooker::drivers
