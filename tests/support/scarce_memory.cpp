#include "scarce_memory.hpp"

#include <cstddef>
#include <cstdlib>
#include <new>

#include "support/sanitized.hpp"

namespace {

[[maybe_unused]] thread_local int failing = 0;

}  // namespace

namespace onlooker::test {

void fail_allocations(int count) noexcept {
    failing = count;
}

}  // namespace onlooker::test

// ThreadSanitizer has operators of its own, and bears no others.
#if !ONLOOKER_SANITIZED

void* operator new(std::size_t size) {
    if (failing > 0) {
        --failing;
        throw std::bad_alloc();
    }
    if (void* const memory = std::malloc(size > 0 ? size : 1))
        return memory;
    throw std::bad_alloc();
}

void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
    return std::malloc(size > 0 ? size : 1);
}

void operator delete(void* memory) noexcept {
    std::free(memory);
}

void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}

void operator delete(void* memory, const std::nothrow_t&) noexcept {
    std::free(memory);
}

#endif
