// How much memory this process may still take: what the machine has to spare (MemAvailable), or
// what is left below the limit of its control groups (version 2), if that is less.
//
// Thread: any. Errors: nothing, where the kernel does not say.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

namespace onlooker {

struct MemoryRoom {
    std::uint64_t octets = 0;
    bool of_control_group = false;  // it is a limit that was set for us, and not the machine's
};

// `root`: where /proc and /sys are.
std::optional<MemoryRoom> memory_room(const std::filesystem::path& root = "/");

}  // namespace onlooker
