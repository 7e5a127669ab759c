// The pictures that every server of the bench sends: valid JPEGs with small detail, of known
// lengths, prepared before the run.
//
// Each begins with a comment segment right behind the start mark, of fixed length and plain digits:
//
//     FF D8  FF FE 00 30  "bench SSSSSSSSSS NNNNNNNNNNNNNNNNNNNN OOOOOOOO"
//
// the sequence number, the nanoseconds of the monotonic clock at which it was due, and the octets
// of the whole picture. A viewer learns all it needs from the first 52 octets, whatever headers the
// server writes around them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "clock.hpp"

namespace onlooker::bench {

using Octets = std::vector<std::byte>;

struct Stamp {
    std::uint64_t sequence = 0;
    Nanoseconds captured = 0;
    std::size_t picture_size = 0;
};

inline constexpr std::size_t stamp_end = 52;  // octets from the start mark to the end of the stamp

// Writes the stamp into a picture that has room for it.
void write_stamp(std::span<std::byte> picture, std::uint64_t sequence, Nanoseconds captured);

struct FoundStamp {
    Stamp stamp;
    std::size_t offset = 0;  // of the picture's start mark
};

// The first picture in `data` that is stamped; nothing when none is there, or not wholly yet.
std::optional<FoundStamp> find_stamp(std::span<const std::byte> data) noexcept;

// Makes one cycle of pictures. `size` is "75k" (all nearly the same, in thousands of octets; the
// resolution follows: 640x480 up to 45k, 1280x720 up to 110k, else 1920x1080), or "73k-138k"
// (varied within, the smaller ones more often). Throws std::invalid_argument.
std::vector<Octets> make_pictures(const std::string& size);

// The same from a folder, in the order of their names. Throws std::runtime_error.
std::vector<Octets> load_pictures(const std::filesystem::path& folder);
void save_pictures(const std::vector<Octets>& pictures, const std::filesystem::path& folder);

}  // namespace onlooker::bench
