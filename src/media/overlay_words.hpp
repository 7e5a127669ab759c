// How people write what an overlay says and how it looks: the keys of a query and of --camera.
//
//     overlay         1 for default_overlay_text, 0 for none, or the text itself
//     overlay_corner  top-left, top-right, bottom-left, bottom-right
//     overlay_size    height of a line, 1 to 50 hundredths of the picture's
//     overlay_colour  a name of CSS, as white or orange, or #rrggbb; also overlay_color
//     overlay_zone    time zone, as Europe/Paris
//
// What is within reach of one key is judged here; OverlayPainter::check judges the whole.
// Pure; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "media/recipe.hpp"

namespace onlooker::media {

inline constexpr unsigned smallest_overlay_size = 1;
inline constexpr unsigned largest_overlay_size = 50;

bool is_overlay_key(std::string_view key) noexcept;

// Puts `value` where an overlay key says. Returns nothing, or why it cannot be: "'left' is no
// corner of a picture; expected ..."; then the overlay is as it was.
std::string take_overlay_word(Overlay& overlay, std::string_view key, std::string_view value);

// The canonical spellings: "bottom-left", "ffa500" (without the #, which a URL would have to
// escape).
std::string_view name_of(Overlay::Corner corner) noexcept;
std::string colour_digits(std::uint32_t colour);

}  // namespace onlooker::media
