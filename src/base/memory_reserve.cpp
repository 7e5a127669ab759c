#include "base/memory_reserve.hpp"

#include <atomic>
#include <cstdlib>
#include <new>

namespace onlooker::memory_reserve {

namespace {

std::atomic<void*> reserve = nullptr;
std::atomic<std::size_t> wanted = 0;

// operator new tries again after this has returned.
void give_up() {
    void* const memory = reserve.exchange(nullptr);
    if (memory == nullptr)
        throw std::bad_alloc();
    std::free(memory);
}

}  // namespace

void keep(std::size_t octets) noexcept {
    wanted = octets;
    std::set_new_handler(give_up);
    restore();
}

bool restore() noexcept {
    if (reserve.load(std::memory_order_relaxed) != nullptr || wanted == 0)
        return true;
    // Not operator new, which would ask for the reserve itself.
    void* const memory = std::malloc(wanted);
    if (memory == nullptr)
        return false;
    std::free(reserve.exchange(memory));
    return true;
}

}  // namespace onlooker::memory_reserve
