#include "base/heap.hpp"

#include <malloc.h>

namespace onlooker {

void keep_heap_small() noexcept {
#ifdef __GLIBC__
    // Frames of 4K cameras stay below: mapping a new block for each would cost a page fault for
    // every 4 KiB.
    constexpr int mapped_from = 4 << 20;
    constexpr int kept_on_top = 1 << 20;
    ::mallopt(M_MMAP_THRESHOLD, mapped_from);
    ::mallopt(M_TRIM_THRESHOLD, kept_on_top);
#endif
}

void return_free_memory() noexcept {
#ifdef __GLIBC__
    ::malloc_trim(0);
#endif
}

}  // namespace onlooker
