// Randomness of the kernel, for names that must not be guessed or meet again. Thread: any.
//
// Backoff has its own generator, with a seed: its jitter needs no better one, and a test repeats
// it.
#pragma once

#include <cstdint>

namespace onlooker {

// 64 bits. Waits for the kernel's generator only in the first moments after a boot.
std::uint64_t random_bits() noexcept;

}  // namespace onlooker
