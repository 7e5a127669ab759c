// All memory of the test begins as zeros. The virtual cameras of libcamera 0.4.0 never say how a
// buffer went: its status is what the memory held before, and after a stop that is "cancelled", for
// good. Zero is "success".
#include <cstddef>
#include <cstdlib>
#include <new>

#include "support/sanitized.hpp"

#if !ONLOOKER_SANITIZED

void* operator new(std::size_t size) {
    if (void* const memory = std::calloc(size > 0 ? size : 1, 1))
        return memory;
    throw std::bad_alloc();
}

void operator delete(void* memory) noexcept {
    std::free(memory);
}

void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}

#endif
