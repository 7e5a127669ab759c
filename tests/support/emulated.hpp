// Whether this processor is an emulated one (qemu-user, in the stages unit-arm64 and unit-armhf of
// ./check). What that cannot do is skipped; tests/README.md has the list.
#pragma once

#include <chrono>
#include <cstdlib>

namespace onlooker::test {

inline bool is_emulated() {
    return std::getenv("TEST_EMULATED") != nullptr;
}

// How long a test may wait, or leave something waiting, where this machine's own processor would
// need at most `usual`.
inline std::chrono::milliseconds patience(std::chrono::milliseconds usual) {
    return is_emulated() ? 10 * usual : usual;
}

}  // namespace onlooker::test
