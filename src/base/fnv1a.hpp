// FNV-1a (Fowler, Noll, Vo), 64 bits: tells texts apart that nobody makes alike on purpose. No
// secret hangs on it. Header-only, for the driver modules.
#pragma once

#include <cstdint>
#include <string_view>

namespace onlooker {

constexpr std::uint64_t fnv1a(std::string_view text) noexcept {
    std::uint64_t hash = 0xcbf29ce484222325;
    for (const char c : text)
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    return hash;
}

}  // namespace onlooker
