// The letters that the program draws, as strokes of a round pen, designed for this program.
// FreeType and a font file would be much more than the few words of a card need.
//
// A glyph is a few lines and curves on a grid: capitals are 12 steps high (7 pixels at the smallest
// size), small letters 8, and descenders reach 4 below the base line. The grid is chosen so that
// the strokes fall on whole pixels at the smallest size, where the letters look like those of an
// old terminal; at every other size they are smooth, because nothing is scaled but the strokes.
//
// Pure; any thread.
#pragma once

#include <span>
#include <string_view>
#include <vector>

namespace onlooker::media {

// In steps of the grid: x to the right, y down from the top of the capitals.
struct GridPoint {
    double x = 0;
    double y = 0;
};

inline constexpr int cap_steps = 12;     // top of the capitals to the base line
inline constexpr int descent_steps = 4;  // base line to the lowest stroke
inline constexpr int line_steps = 22;    // from one line to the next
inline constexpr int gap_steps = 4;      // from the last stroke of a letter to the next one's first
inline constexpr int space_steps = 2;    // a space, without its gap
inline constexpr int digit_steps = 8;    // all digits are this wide, so that clocks stand still

struct Glyph {
    using Stroke = std::vector<GridPoint>;  // a line from point to point; a single point is a dot
    std::vector<Stroke> strokes;
    double left = 0;   // where the strokes begin, in steps
    double width = 0;  // from there to where they end
};

// The glyph of a printable ASCII character; a box for any other.
Glyph glyph_of(char32_t character);

// Takes the first character off a text in UTF-8, which must not be empty. A character outside
// ASCII, and each octet that is not UTF-8, is U+FFFD: one box.
char32_t take_character(std::string_view& text) noexcept;

// The path that describes a glyph; empty for a space.
std::string_view glyph_path(char32_t character) noexcept;

}  // namespace onlooker::media
