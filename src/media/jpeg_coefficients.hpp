// What a JPEG asks of those who decode it: some pictures have to be there as coefficients, all of
// them, before there is a single row, however small the rows are wanted. Two octets for each sample
// are 100 MB for 16 megapixels in 4:4:4, and each scan goes over all of them: a picture of 16384 x
// 16384 pixels and 64 scans, which has 1.6 MB, took 1.5 GB and 17 s to be decoded to an eighth.
//
// Pure; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace onlooker::media {

// The pixels of a picture that is kept as coefficients: 200 MB, and about a second for 64 scans.
inline constexpr std::uint64_t most_pixels_in_coefficients = std::uint64_t{1} << 25;

// Whether decoding keeps all coefficients: the picture is progressive, or its first scan lacks a
// component. `jpeg` was found good by check_jpeg(); of anything else it may say either.
bool keeps_coefficients(std::span<const std::byte> jpeg) noexcept;

// Whether they are more than that; the picture has so many pixels.
bool keeps_too_many_coefficients(std::span<const std::byte> jpeg, std::uint64_t pixels) noexcept;

}  // namespace onlooker::media
