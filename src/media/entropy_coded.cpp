#include "media/entropy_coded.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <memory>

#include "media/jpeg_markers.hpp"

namespace onlooker::media::jpeg {

namespace {

// Sixteen octets in one vector register: compilers make no such code of a plain loop over octets.
// Where a processor has none, they would make several instructions for each octet of this, and
// memchr() alone does better: 32-bit ARM as Debian has it, for one.
using Octets = std::uint8_t __attribute__((vector_size(16)));
#if defined(__SSE2__) || defined(__ARM_NEON)
constexpr bool has_vector_registers = true;
#else
constexpr bool has_vector_registers = false;
#endif

constexpr std::size_t block_size = 192;
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

enum class Harmless : std::uint8_t { stuffed, stuffed_and_restarts };

// Whether each octet of the block that follows an FF is a harmless code. The block is aligned: SSE2
// then loads a code with the instruction that uses it. The octet before the block is looked at,
// too.
template <Harmless harmless>
bool is_harmless(const std::byte* block) {
    Octets found{};
#pragma GCC unroll 12
    for (std::size_t i = 0; i < block_size; i += sizeof found) {
        const Octets code = load(std::assume_aligned<sizeof code>(block + i));
        auto harm = reinterpret_cast<Octets>(load(block + i - 1) == fill_octet) & code;
        if constexpr (harmless == Harmless::stuffed_and_restarts)
            harm &= ~reinterpret_cast<Octets>((code & restart_bits) == restart_code);
        found |= harm;
    }
    return all_zero(found);
}

// The octet before the first block that is not harmless, or that is not whole before `end`. Inlined
// beside each other, the two of these would share loads, which then are instructions of their own.
template <Harmless harmless>
[[gnu::noinline]] const std::byte* behind_harmless(const std::byte* place, const std::byte* end) {
    while (place < end && is_harmless<harmless>(place + 1))
        place += block_size;
    return place;
}

// Moves over whole blocks, as far as they are harmless. Some cameras send no restart markers,
// others one for each row of blocks, others one in each 50 octets: behind one, the dearer test
// comes first for two blocks.
std::size_t behind_harmless_blocks(std::span<const std::byte> picture, std::size_t at) {
    constexpr std::ptrdiff_t few = 2 * block_size;
    const auto first_code = reinterpret_cast<std::uintptr_t>(picture.data()) + at + 1;
    const std::size_t ahead = first_code % sizeof(Octets);
    if (!has_vector_registers || ahead > at || picture.size() < block_size)
        return at;
    // A block and the octet before it lie in the picture if that octet is before the end.
    const std::byte* const end = picture.data() + picture.size() - block_size;
    const std::byte* place = picture.data() + (at - ahead);
    while (place < end) {
        place = behind_harmless<Harmless::stuffed>(place, end);
        const std::byte* begin = place;
        place = behind_harmless<Harmless::stuffed_and_restarts>(
            place, end - place > few ? place + few : end);
        if (place == begin)
            break;
    }
    return std::max(at, static_cast<std::size_t>(place - picture.data()));
}

// Whether it is the code of the marker behind the data. An FF is not: what follows it may be.
bool is_end(unsigned code) {
    return code != stuffed && !is_restart(code) && code != fill;
}

}  // namespace

std::size_t end_of_entropy_coded(std::span<const std::byte> picture, std::size_t at) noexcept {
    const auto octet = [&](std::size_t place) { return std::to_integer<unsigned>(picture[place]); };
    std::size_t next_block = at;
    while (picture.size() - at > 1) {
        if (at >= next_block) {
            at = behind_harmless_blocks(picture, at);
            next_block = at + block_size;
        }
        const std::byte* begin = picture.data();
        const void* found = std::memchr(begin + at, fill, picture.size() - at - 1);
        if (found == nullptr)
            break;
        at = static_cast<std::size_t>(static_cast<const std::byte*>(found) - begin);
        if (is_end(octet(at + 1)))
            return at;
        at += octet(at + 1) == fill ? 1 : 2;
    }
    return at < picture.size() && octet(picture.size() - 1) == fill ? picture.size() - 1
                                                                    : picture.size();
}

}  // namespace onlooker::media::jpeg
