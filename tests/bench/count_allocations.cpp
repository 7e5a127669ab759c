// count_allocations.so: counts what a program asks of the allocator, for the case `allocations`.
//
//     LD_PRELOAD=count_allocations.so ONLOOKER_BENCH_COUNTER=FILE program
//
// FILE holds one 64-bit number, made by the one who asks, who maps or reads it while the program
// runs. Every malloc, calloc, realloc and aligned allocation of any thread counts one; what is
// given back does not. operator new of the C++ library comes by way of malloc.
//
// glibc only: it keeps its own functions under a second name, so nothing has to be looked up, which
// would allocate.

#include <fcntl.h>
#include <unistd.h>

#include <sys/mman.h>

#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* memory, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);
}

namespace {

using Counter = std::atomic<std::uint64_t>;
static_assert(Counter::is_always_lock_free && sizeof(Counter) == sizeof(std::uint64_t));

constinit Counter before_main;  // and for a program that was given no file
constinit std::atomic<Counter*> counter{&before_main};

void count_one() noexcept {
    counter.load(std::memory_order_relaxed)->fetch_add(1, std::memory_order_relaxed);
}

[[gnu::constructor]] void map_counter() {
    const char* name = std::getenv("ONLOOKER_BENCH_COUNTER");
    if (name == nullptr)
        return;
    const int file = open(name, O_RDWR | O_CLOEXEC);
    if (file < 0)
        return;
    void* place = mmap(nullptr, sizeof(Counter), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    if (place != MAP_FAILED)
        counter = static_cast<Counter*>(place);
}

}  // namespace

extern "C" {

[[gnu::visibility("default")]] void* malloc(std::size_t size) noexcept {
    count_one();
    return __libc_malloc(size);
}

[[gnu::visibility("default")]] void* calloc(std::size_t count, std::size_t size) noexcept {
    count_one();
    return __libc_calloc(count, size);
}

[[gnu::visibility("default")]] void* realloc(void* memory, std::size_t size) noexcept {
    count_one();
    return __libc_realloc(memory, size);
}

[[gnu::visibility("default")]] void* aligned_alloc(std::size_t alignment,
                                                   std::size_t size) noexcept {
    count_one();
    return __libc_memalign(alignment, size);
}

[[gnu::visibility("default")]] int posix_memalign(void** memory, std::size_t alignment,
                                                  std::size_t size) noexcept {
    if (alignment < sizeof(void*) || (alignment & (alignment - 1)) != 0)
        return EINVAL;
    count_one();
    void* const result = __libc_memalign(alignment, size);
    if (result == nullptr)
        return ENOMEM;
    *memory = result;
    return 0;
}

}  // extern "C"
