#include "media/orientation.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "media/jpeg_markers.hpp"
#include "media/jpeg_segments.hpp"

namespace onlooker::media {

namespace {

constexpr std::array<Lay, 8> lays{{{Turn::none, false},
                                   {Turn::none, true},
                                   {Turn::half, false},
                                   {Turn::half, true},
                                   {Turn::right, true},
                                   {Turn::right, false},
                                   {Turn::left, true},
                                   {Turn::left, false}}};

Turn sum(Turn first, Turn second) noexcept {
    return static_cast<Turn>((static_cast<unsigned>(first) + static_cast<unsigned>(second)) % 4);
}

Turn back(Turn turn) noexcept {
    return static_cast<Turn>((4 - static_cast<unsigned>(turn)) % 4);
}

}  // namespace

// A turn behind a mirror is the other turn before it.
Lay then(Lay first, Lay second) noexcept {
    return {sum(first.turn, first.mirror ? back(second.turn) : second.turn),
            first.mirror != second.mirror};
}

Lay inverse(Lay lay) noexcept {
    return {lay.mirror ? lay.turn : back(lay.turn), lay.mirror};
}

Lay lay_of(unsigned orientation) noexcept {
    return orientation >= 1 && orientation <= lays.size() ? lays[orientation - 1] : Lay{};
}

unsigned orientation_of(Lay lay) noexcept {
    const auto found = std::ranges::find(lays, lay);
    return static_cast<unsigned>(found - lays.begin()) + 1;
}

PictureSize laid(PictureSize size, Lay lay) noexcept {
    return lay.swaps_sides() ? PictureSize{size.height, size.width} : size;
}

Recipe::Crop laid(Recipe::Crop part, Lay lay, PictureSize size) noexcept {
    const auto quarter = [](Recipe::Crop at, PictureSize of) {
        return Recipe::Crop{of.height - at.y - at.height, at.x, at.height, at.width};
    };
    for (auto turns = static_cast<unsigned>(lay.turn); turns > 0; --turns) {
        part = quarter(part, size);
        size = {size.height, size.width};
    }
    if (lay.mirror)
        part.x = size.width - part.x - part.width;
    return part;
}

bool reverses_columns(Lay lay) noexcept {
    const unsigned orientation = orientation_of(lay);
    return orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
}

bool reverses_rows(Lay lay) noexcept {
    const unsigned orientation = orientation_of(lay);
    return orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
}

Recipe::Crop bounded(Recipe::Crop part, PictureSize size) noexcept {
    part.x = std::min(part.x, size.width - 1);
    part.y = std::min(part.y, size.height - 1);
    part.width = std::clamp(part.width, 1U, size.width - part.x);
    part.height = std::clamp(part.height, 1U, size.height - part.y);
    return part;
}

std::span<const std::byte> stated_segment(std::span<const std::byte> jpeg) noexcept {
    // Behind the start mark, and perhaps a JFIF segment, stands one of ours or none.
    const std::size_t size = orientation_segment(1).size();
    std::size_t at = 2;
    while (at + 4 <= jpeg.size() && jpeg[at] == std::byte{jpeg::fill} &&
           jpeg::is_application(std::to_integer<unsigned>(jpeg[at + 1]))) {
        const std::size_t length = std::to_integer<std::size_t>(jpeg[at + 2]) << 8 |
                                   std::to_integer<std::size_t>(jpeg[at + 3]);
        const auto segment = jpeg.subspan(at, std::min(length + 2, jpeg.size() - at));
        if (segment.size() == size && jpeg[at + 1] == std::byte{jpeg::app1} &&
            std::memcmp(&segment[4], "Exif", 4) == 0)
            return segment;
        at += length + 2;
    }
    return {};
}

Lay stated_lay(std::span<const std::byte> jpeg) noexcept {
    const auto segment = stated_segment(jpeg);
    return segment.empty() ? Lay{} : lay_of(exif_orientation(segment.subspan(4)));
}

PictureSize upright_size(const Frame& frame) noexcept {
    return laid(PictureSize{frame.width(), frame.height()}, stated_lay(frame.jpeg()));
}

}  // namespace onlooker::media
