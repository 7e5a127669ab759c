// Whether this processor is an emulated one (qemu-user, in the stages unit-arm64 and unit-armhf of
// ./check). What that cannot do is skipped; tests/README.md has the list.
#pragma once

#include <cstdlib>

namespace onlooker::test {

inline bool is_emulated() {
    return std::getenv("TEST_EMULATED") != nullptr;
}

}  // namespace onlooker::test
