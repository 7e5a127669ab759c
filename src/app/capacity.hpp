// How many connections and viewers this process can have, and from what that follows: for the log
// when the program starts. Plain values; any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "base/memory_room.hpp"
#include "http/wire/descriptor_limit.hpp"

namespace onlooker::app {

// What a viewer takes at most while it follows, that of the kernel and of TLS included.
inline constexpr std::size_t octets_per_viewer = std::size_t{64} * 1024;

struct Capacity {
    std::size_t connections = 0;  // at a time, as the server allows
    http::DescriptorBudget descriptors;
    std::optional<MemoryRoom> memory;  // when there is no viewer yet
    std::size_t max_viewers = 0;       // as the user says; 0: no limit

    // At a time.
    std::size_t viewers() const noexcept;
};

// "up to 960 connections: 1024 descriptors, of which 64 are kept for ..."
std::string capacity_text(const Capacity& capacity);

}  // namespace onlooker::app
