// The eight ways to lay a picture: turned by quarters, and mirrored behind that. As an EXIF
// orientation says it (EXIF 2.32, tag 0x0112), and as a recipe does.
//
// Plain values and pure functions; any thread.
#pragma once

#include <cstddef>
#include <span>

#include "media/frame.hpp"
#include "media/picture_size.hpp"
#include "media/recipe.hpp"

namespace onlooker::media {

struct Lay {
    Turn turn = Turn::none;
    bool mirror = false;  // left for right, behind the turn

    bool operator==(const Lay&) const = default;
    bool swaps_sides() const noexcept { return turn == Turn::right || turn == Turn::left; }
    bool is_plain() const noexcept { return *this == Lay{}; }
};

// First the one, then the other.
Lay then(Lay first, Lay second) noexcept;
// What takes it back.
Lay inverse(Lay lay) noexcept;

// 1 to 8, as EXIF numbers them.
Lay lay_of(unsigned orientation) noexcept;
unsigned orientation_of(Lay lay) noexcept;

// Whether the columns, or the rows, come to lie in the other order.
bool reverses_columns(Lay lay) noexcept;
bool reverses_rows(Lay lay) noexcept;

// What of a part lies within a picture of that size: a pixel at least.
Recipe::Crop bounded(Recipe::Crop part, PictureSize size) noexcept;
// Where a rectangle of a picture of that size lies once the picture was laid so.
Recipe::Crop laid(Recipe::Crop part, Lay lay, PictureSize size) noexcept;
PictureSize laid(PictureSize size, Lay lay) noexcept;

// The EXIF segment that says how a picture is to be laid, as frames carry it: jpeg_application.hpp
// leaves nothing else of EXIF. Empty: none.
std::span<const std::byte> stated_segment(std::span<const std::byte> jpeg) noexcept;
Lay stated_lay(std::span<const std::byte> jpeg) noexcept;

// The size of a frame as it is shown.
PictureSize upright_size(const Frame& frame) noexcept;

}  // namespace onlooker::media
