// How many connections the limit on open files allows.
#pragma once

#include <cstddef>

namespace onlooker::http {

// Kept for cameras, files and what the libraries open.
inline constexpr std::size_t reserved_descriptors = 64;

// Raises the soft limit of the process to the hard one and says what is left for connections.
std::size_t connections_within_descriptor_limit();

}  // namespace onlooker::http
