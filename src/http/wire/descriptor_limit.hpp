// Open files: how many connections the limit allows, and a table that holds them from the start.
#pragma once

#include <cstddef>

namespace onlooker::http {

// Kept for cameras, files and what the libraries open; of a low limit half, but 24 at least.
inline constexpr std::size_t reserved_descriptors = 64;
inline constexpr std::size_t least_reserved_descriptors = 24;
// Below this nothing can be served.
inline constexpr std::size_t least_descriptors = 32;

// What there is once the soft limit of the process is as high as the hard one.
struct DescriptorBudget {
    std::size_t limit = 0;
    std::size_t limit_at_start = 0;  // the soft one, as the process was given it
    std::size_t connections = 0;     // at a time
    std::size_t refusals = 0;        // connections that are being turned away, out of the reserve

    bool is_scarce() const noexcept { return limit < 2 * reserved_descriptors; }
};

// Raises the soft limit. Throws std::runtime_error that says what is needed when the limit is too
// low for anything.
DescriptorBudget descriptor_budget();

// Makes the kernel's table of this process's descriptors as large as it may become, with the soft
// limit raised to the hard one, up to `most_prepared_descriptors`. To be called before the first
// thread begins: where threads share it, the kernel lets whoever opens the 65th, 129th, 257th ...
// descriptor wait until no processor can be using the smaller table any more (expand_fdtable() in
// its fs/file.c). That took the loop 10 to 20 ms in a storm of new connections, a frame for those
// who watched. A table that cannot be made is no error: it grows later.
inline constexpr std::size_t most_prepared_descriptors = 16 * 1024;  // 128 KiB in the kernel
void prepare_descriptor_table() noexcept;

}  // namespace onlooker::http
