// The text of an overlay, from what the user wrote to the characters that are painted. Pure; any
// thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <ctime>
#include <string>
#include <string_view>

namespace onlooker::media {

inline constexpr std::size_t longest_overlay_text = 200;      // octets, as it is written
inline constexpr std::size_t longest_expanded_overlay = 600;  // octets, as it is painted

// Empty, or what is wrong with the text, in words.
std::string check_overlay_text(std::string_view text);

struct OverlayValues {
    std::string_view name;     // {name}
    std::uint64_t number = 0;  // {frame}
    std::tm time{};            // %Y and the others
};

// With its conversions and its words in braces replaced; what check_overlay_text() refuses stays as
// it is. Cut at longest_expanded_overlay.
std::string expand_overlay_text(std::string_view text, const OverlayValues& values);

// An octet that is not UTF-8 is U+FFFD.
std::u32string characters_of(std::string_view utf8);

}  // namespace onlooker::media
