#include "media/entropy_coded.hpp"

#include <array>
#include <cstdint>
#include <cstring>

#include "media/jpeg_markers.hpp"

namespace onlooker::media::jpeg {

namespace {

// Sixteen octets in one register. Compilers make no such code of a plain loop over octets; where a
// processor has no such registers, they make plain code of this.
using Octets = std::uint8_t __attribute__((vector_size(16)));

constexpr std::size_t block_size = 128;
constexpr std::uint8_t restart_bits = 0xf8;  // of a code, those that are the same in all eight
constexpr std::uint8_t restart_code = rst0, fill_octet = fill;

Octets load(const std::byte* from) {
    Octets octets;
    std::memcpy(&octets, from, sizeof octets);
    return octets;
}

bool all_zero(Octets octets) {
    std::array<std::uint64_t, 2> halves{};
    static_assert(sizeof halves == sizeof octets);
    std::memcpy(halves.data(), &octets, sizeof octets);
    return (halves[0] | halves[1]) == 0;
}

// Whether each FF of the block is followed by a zero.
bool all_stuffed(const std::byte* block) {
    Octets found{};
#pragma GCC unroll 8
    for (std::size_t i = 0; i < block_size; i += sizeof found) {
        const auto is_fill = reinterpret_cast<Octets>(load(block + i) == fill_octet);
        found |= is_fill & load(block + i + 1);
    }
    return all_zero(found);
}

// The same, or by the code of a restart marker.
bool all_stuffed_or_restarts(const std::byte* block) {
    Octets found{};
#pragma GCC unroll 8
    for (std::size_t i = 0; i < block_size; i += sizeof found) {
        const Octets code = load(block + i + 1);
        const auto is_fill = reinterpret_cast<Octets>(load(block + i) == fill_octet);
        const auto is_other = reinterpret_cast<Octets>((code & restart_bits) != restart_code);
        found |= is_fill & is_other & code;
    }
    return all_zero(found);
}

// Whether it is the code of the marker behind the data. An FF is not: what follows it may be.
bool is_end(unsigned code) {
    return code != stuffed && !is_restart(code) && code != fill;
}

}  // namespace

std::size_t end_of_entropy_coded(std::span<const std::byte> picture, std::size_t at) noexcept {
    const auto octet = [&](std::size_t place) { return std::to_integer<unsigned>(picture[place]); };
    while (picture.size() - at > block_size) {
        const std::byte* block = picture.data() + at;
        const std::size_t next = at + block_size;
        if (!all_stuffed(block) && !all_stuffed_or_restarts(block))
            for (; at < next; ++at)
                if (octet(at) == fill && is_end(octet(at + 1)))
                    return at;
        at = next;
    }
    for (; at + 1 < picture.size(); ++at)
        if (octet(at) == fill && is_end(octet(at + 1)))
            return at;
    return at < picture.size() && octet(at) != fill ? picture.size() : at;
}

}  // namespace onlooker::media::jpeg
