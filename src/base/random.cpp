#include "base/random.hpp"

#include <sys/random.h>

#include <cassert>

namespace onlooker {

std::uint64_t random_bits() noexcept {
    std::uint64_t random = 0;
    // Up to 256 octets come whole and without an error (getrandom(2)).
    [[maybe_unused]] const ssize_t octets = ::getrandom(&random, sizeof random, 0);
    assert(octets == sizeof random);
    return random;
}

}  // namespace onlooker
