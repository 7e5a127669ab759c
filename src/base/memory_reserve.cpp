#include "base/memory_reserve.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdlib>
#include <new>

namespace onlooker::memory_reserve {

namespace {

// Many small blocks and not a large one: what a crowd leaves behind in the heap are small holes.
constexpr std::size_t block_octets = 64 * 1024;
std::array<std::atomic<void*>, 32> blocks{};
std::atomic<std::size_t> wanted = 0;

// operator new tries again after this has returned.
void give_up() {
    bool gave = false;
    for (std::atomic<void*>& block : blocks) {
        void* const memory = block.exchange(nullptr);
        std::free(memory);
        gave = gave || memory != nullptr;
    }
    if (!gave)
        throw std::bad_alloc();
}

}  // namespace

void keep(std::size_t octets) noexcept {
    wanted = std::min(octets / block_octets, blocks.size());
    std::set_new_handler(give_up);
    restore();
}

bool restore() noexcept {
    bool whole = true;
    for (std::size_t i = 0; i < wanted; ++i) {
        if (blocks[i].load(std::memory_order_relaxed) != nullptr)
            continue;
        // Not operator new, which would ask for the reserve itself.
        void* const memory = std::malloc(block_octets);
        whole = whole && memory != nullptr;
        std::free(blocks[i].exchange(memory));
    }
    return whole;
}

bool is_there() noexcept {
    return std::ranges::any_of(blocks, [](const std::atomic<void*>& block) {
        return block.load(std::memory_order_relaxed) != nullptr;
    });
}

}  // namespace onlooker::memory_reserve
