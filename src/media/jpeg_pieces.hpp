// A cleaned picture: unchanged pieces of the camera's, and constants in between.
//
// Built from front to back while the picture is walked (jpeg_check.hpp). It refers to the octets of
// the picture and of the inserted segments, and copies nothing. One thread at a time.
#pragma once

#include <array>
#include <cstddef>
#include <span>

#include "media/jpeg_error.hpp"

namespace onlooker::media {

class JpegPieces {
  public:
    using Octets = std::span<const std::byte>;
    // A JPEG that needs more is refused: too_many_pieces.
    static constexpr std::size_t most = 32;

    JpegPieces() = default;
    explicit JpegPieces(Octets picture) noexcept : picture_(picture) {}

    // Positions are those in the picture; none may lie before one of an earlier call.

    // Everything up to `end` is shown, except what was replaced.
    JpegError keep_until(std::size_t end) noexcept;
    JpegError insert(std::size_t before, Octets segment) noexcept;
    // `replacement` is shown instead of what lies from `begin` to `end`; empty: nothing is.
    JpegError replace(std::size_t begin, std::size_t end, Octets replacement) noexcept;

    std::span<const Octets> all() const noexcept { return std::span(pieces_).first(count_); }

  private:
    JpegError add(Octets piece) noexcept;

    Octets picture_;
    std::size_t kept_until_ = 0;
    std::array<Octets, most> pieces_{};
    std::size_t count_ = 0;
};

}  // namespace onlooker::media
