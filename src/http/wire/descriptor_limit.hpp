// Open files: how many connections the limit allows, and a table that holds them from the start.
#pragma once

#include <cstddef>

namespace onlooker::http {

// Kept for cameras, files and what the libraries open.
inline constexpr std::size_t reserved_descriptors = 64;

// Raises the soft limit of the process to the hard one and says what is left for connections.
std::size_t connections_within_descriptor_limit();

// Makes the kernel's table of this process's descriptors as large as it may become, with the soft
// limit raised to the hard one, up to `most_prepared_descriptors`. To be called before the first
// thread begins: where threads share it, the kernel lets whoever opens the 65th, 129th, 257th ...
// descriptor wait until no processor can be using the smaller table any more (expand_fdtable() in
// its fs/file.c). That took the loop 10 to 20 ms in a storm of new connections, a frame for those
// who watched. A table that cannot be made is no error: it grows later.
inline constexpr std::size_t most_prepared_descriptors = 16 * 1024;  // 128 KiB in the kernel
void prepare_descriptor_table() noexcept;

}  // namespace onlooker::http
