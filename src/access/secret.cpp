#include "access/secret.hpp"

#include <string.h>  // NOLINT(modernize-deprecated-headers): for explicit_bzero

namespace onlooker::access {

void wipe(std::string& text) noexcept {
    // A text that was moved away leaves its octets where short ones are kept.
    text.resize(text.capacity());
    ::explicit_bzero(text.data(), text.size());
    text.clear();
}

}  // namespace onlooker::access
