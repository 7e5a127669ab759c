#include "app/capacity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

namespace onlooker::app {

namespace {

constexpr std::uint64_t mebi = std::uint64_t{1024} * 1024;

std::string descriptors_text(const Capacity& capacity) {
    const http::DescriptorBudget& budget = capacity.descriptors;
    std::string text = fmt::format("{} descriptors", budget.limit);
    if (budget.limit_at_start < budget.limit)
        text += fmt::format(" (raised from {})", budget.limit_at_start);
    text +=
        fmt::format(", {} of them kept for cameras and files", budget.limit - budget.connections);
    if (capacity.connections < budget.connections)
        text += fmt::format(", and --max-connections {}", capacity.connections);
    return text;
}

std::string memory_text(const Capacity& capacity) {
    if (!capacity.memory)
        return {};
    return fmt::format("; {} MiB of memory free {}, {} KiB for a viewer",
                       capacity.memory->octets / mebi,
                       capacity.memory->of_control_group ? "below the limit of the control group"
                                                         : "on this machine",
                       octets_per_viewer / 1024);
}

}  // namespace

std::size_t Capacity::viewers() const noexcept {
    std::size_t most = connections;
    if (memory)
        most = static_cast<std::size_t>(
            std::min<std::uint64_t>(most, memory->octets / octets_per_viewer));
    return max_viewers > 0 ? std::min(most, max_viewers) : most;
}

std::string capacity_text(const Capacity& capacity) {
    const bool is_chosen = capacity.max_viewers > 0 && capacity.viewers() == capacity.max_viewers;
    return fmt::format("up to {} connections: {}{}: up to {} viewers{}", capacity.connections,
                       descriptors_text(capacity), memory_text(capacity), capacity.viewers(),
                       is_chosen ? " (--max-viewers)" : "");
}

}  // namespace onlooker::app
