#include "media/font.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace onlooker::media {

namespace {

// How to read a path: a point is two digits, x and y, counted 0..9 A B C ... G. Points make a line;
// a point behind ~ is not touched but pulls the line into a curve to the next point; / lifts the
// pen. "00 0C 6C" is an L, "44 ~84 88 ~8C 4C ~0C 08 ~04 44" an o. In the order of ASCII.
constexpr char32_t first_character = U'!';
constexpr std::array<std::string_view, 94> paths{
    "00 08 / 0C",                                                                          // !
    "00 04 / 40 44",                                                                       // "
    "20 2C / 60 6C / 04 84 / 08 88",                                                       // #
    "84 ~82 62 22 ~02 04 ~06 26 66 ~86 88 ~8A 6A 2A ~0A 08 / 40 4C",                       // $
    "80 0C / 20 ~40 42 ~44 24 ~04 02 ~00 20 / 68 ~88 8A ~8C 6C ~4C 4A ~48 68",             // %
    "8C 25 ~20 40 ~60 62 ~64 35 ~06 09 ~0C 3C ~6C 87",                                     // &
    "00 04",                                                                               // '
    "40 ~06 4C",                                                                           // (
    "00 ~46 0C",                                                                           // )
    "42 4A / 04 88 / 08 84",                                                               // *
    "42 4A / 06 86",                                                                       // +
    "2A 2C 0E",                                                                            // ,
    "06 66",                                                                               // -
    "0C",                                                                                  // .
    "60 0C",                                                                               // /
    "40 ~80 84 88 ~8C 4C ~0C 08 04 ~00 40",                                                // 0
    "22 40 4C / 2C 6C",                                                                    // 1
    "03 ~00 40 ~80 83 ~85 57 0C 8C",                                                       // 2
    "00 80 45 ~85 88 ~8C 4C ~0C 0A",                                                       // 3
    "6C 60 08 88",                                                                         // 4
    "80 00 05 ~14 44 ~84 88 ~8C 4C ~0C 0A",                                                // 5
    "60 ~00 08 ~0C 4C ~8C 88 ~84 44 ~04 08",                                               // 6
    "00 80 3C",                                                                            // 7
    "46 ~16 13 ~10 40 ~70 73 ~76 46 ~86 89 ~8C 4C ~0C 09 ~06 46",                          // 8
    "2C ~8C 84 ~80 40 ~00 04 ~08 48 ~88 84",                                               // 9
    "04 / 0A",                                                                             // :
    "24 / 2A 2C 0E",                                                                       // ;
    "82 06 8A",                                                                            // <
    "04 84 / 08 88",                                                                       // =
    "02 86 0A",                                                                            // >
    "03 ~00 40 ~80 83 ~85 66 ~47 48 / 4C",                                                 // ?
    "64 66 ~68 78 ~88 86 84 ~80 40 ~00 04 08 ~0C 4C 7C / 66 ~64 44 ~24 26 ~28 48 ~68 66",  // @
    "0C 40 8C / 28 68",                                                                    // A
    "06 46 ~76 73 ~70 40 00 0C 4C ~8C 89 ~86 46",                                          // B
    "83 ~80 40 ~00 04 08 ~0C 4C ~8C 89",                                                   // C
    "00 0C 3C ~8C 88 84 ~80 30 00",                                                        // D
    "60 00 0C 6C / 06 56",                                                                 // E
    "60 00 0C / 06 56",                                                                    // F
    "83 ~80 40 ~00 04 08 ~0C 4C ~8C 88 86 56",                                             // G
    "00 0C / 80 8C / 06 86",                                                               // H
    "00 0C",                                                                               // I
    "60 68 ~6C 3C ~0C 09",                                                                 // J
    "00 0C / 80 07 / 35 8C",                                                               // K
    "00 0C 6C",                                                                            // L
    "0C 00 58 A0 AC",                                                                      // M
    "0C 00 8C 80",                                                                         // N
    "40 ~80 85 87 ~8C 4C ~0C 07 05 ~00 40",                                                // O
    "0C 00 40 ~80 83 ~86 46 06",                                                           // P
    "40 ~80 85 87 ~8C 4C ~0C 07 05 ~00 40 / 58 8C",                                        // Q
    "0C 00 40 ~80 83 ~86 46 06 / 46 8C",                                                   // R
    "82 ~80 50 30 ~00 03 ~06 36 56 ~86 89 ~8C 5C 3C ~0C 0A",                               // S
    "00 80 / 40 4C",                                                                       // T
    "00 08 ~0C 4C ~8C 88 80",                                                              // U
    "00 4C 80",                                                                            // V
    "00 3C 62 9C C0",                                                                      // W
    "00 8C / 80 0C",                                                                       // X
    "00 46 80 / 46 4C",                                                                    // Y
    "00 80 0C 8C",                                                                         // Z
    "40 00 0C 4C",                                                                         // [
    "00 6C",                                                 // the backslash
    "00 40 4C 0C",                                           // ]
    "04 40 84",                                              // ^
    "0E 8E",                                                 // _
    "00 22",                                                 // `
    "84 8C / 88 ~84 44 ~04 08 ~0C 4C ~8C 88",                // a
    "00 0C / 08 ~04 44 ~84 88 ~8C 4C ~0C 08",                // b
    "75 ~64 44 ~04 08 ~0C 4C ~6C 7B",                        // c
    "80 8C / 88 ~84 44 ~04 08 ~0C 4C ~8C 88",                // d
    "08 88 ~84 44 ~04 08 ~0C 4C ~6C 7B",                     // e
    "60 ~20 24 2C / 04 64",                                  // f
    "84 8C ~8G 4G ~2G 1F / 88 ~84 44 ~04 08 ~0C 4C ~8C 88",  // g
    "00 0C / 08 ~04 44 ~84 88 8C",                           // h
    "04 0C / 00",                                            // i
    "44 4C ~4G 0G / 40",                                     // j
    "00 0C / 74 09 / 37 8C",                                 // k
    "00 09 ~0C 3C",                                          // l
    "04 0C / 07 ~04 34 ~64 67 6C / 67 ~64 94 ~C4 C7 CC",     // m
    "04 0C / 08 ~04 44 ~84 88 8C",                           // n
    "44 ~84 88 ~8C 4C ~0C 08 ~04 44",                        // o
    "04 0G / 08 ~04 44 ~84 88 ~8C 4C ~0C 08",                // p
    "84 8G / 88 ~84 44 ~04 08 ~0C 4C ~8C 88",                // q
    "04 0C / 08 ~04 54",                                     // r
    "65 ~54 34 ~04 06 ~08 38 ~68 6A ~6C 3C ~1C 0B",          // s
    "20 28 ~2C 6C / 04 64",                                  // t
    "04 08 ~0C 4C ~8C 88 / 84 8C",                           // u
    "04 4C 84",                                              // v
    "04 3C 65 9C C4",                                        // w
    "04 8C / 84 0C",                                         // x
    "04 4C / 84 2G",                                         // y
    "04 74 0C 7C",                                           // z
    "40 ~20 23 ~26 06 ~26 29 ~2C 4C",                        // {
    "00 0E",                                                 // |
    "00 ~20 23 ~26 46 ~26 29 ~2C 0C",                        // }
    "07 ~24 47 ~6A 87",                                      // ~
};
constexpr std::string_view box_path = "00 80 8C 0C 00 / 46";
constexpr char32_t not_ours = U'\uFFFD';

double step_of(char digit) noexcept {
    return digit <= '9' ? digit - '0' : digit - 'A' + 10;
}

GridPoint point_at(std::string_view path) noexcept {
    return {step_of(path[0]), step_of(path[1])};
}

void curve_to(Glyph::Stroke& stroke, GridPoint pull, GridPoint end) {
    constexpr int pieces = 10;
    const GridPoint begin = stroke.back();
    for (int i = 1; i <= pieces; ++i) {
        const double t = double(i) / pieces, rest = 1 - t;
        stroke.push_back({rest * rest * begin.x + 2 * rest * t * pull.x + t * t * end.x,
                          rest * rest * begin.y + 2 * rest * t * pull.y + t * t * end.y});
    }
}

std::vector<Glyph::Stroke> drawn(std::string_view path) {
    std::vector<Glyph::Stroke> strokes(1);
    while (!path.empty()) {
        if (path.front() == '/') {
            strokes.emplace_back();
            path.remove_prefix(1);
        } else if (path.front() == '~') {
            // "~84 88": the pulling point, a space, the end.
            curve_to(strokes.back(), point_at(path.substr(1)), point_at(path.substr(4)));
            path.remove_prefix(6);
        } else if (path.front() == ' ') {
            path.remove_prefix(1);
        } else {
            strokes.back().push_back(point_at(path));
            path.remove_prefix(2);
        }
    }
    return strokes;
}

void measure(Glyph& glyph) {
    double left = cap_steps, right = 0;
    for (const Glyph::Stroke& stroke : glyph.strokes) {
        const auto [least, most] = std::ranges::minmax_element(stroke, {}, &GridPoint::x);
        left = std::min(left, least->x);
        right = std::max(right, most->x);
    }
    glyph.left = left;
    glyph.width = right - left;
}

std::size_t continuation_octets(unsigned char lead) noexcept {
    return lead >= 0xF0 && lead < 0xF5 ? 3 : lead >= 0xE0 ? 2 : 1;
}

}  // namespace

std::string_view glyph_path(char32_t character) noexcept {
    if (character == U' ')
        return {};
    if (character < first_character || character >= first_character + paths.size())
        return box_path;
    return paths[character - first_character];
}

Glyph glyph_of(char32_t character) {
    Glyph glyph;
    if (character == U' ') {
        glyph.width = space_steps;
        return glyph;
    }
    glyph.strokes = drawn(glyph_path(character));
    if (character >= U'0' && character <= U'9')
        glyph.width = digit_steps;
    else
        measure(glyph);
    return glyph;
}

char32_t take_character(std::string_view& text) noexcept {
    const auto lead = static_cast<unsigned char>(text.front());
    text.remove_prefix(1);
    if (lead < 0x80)
        return lead;
    if (lead < 0xC2 || lead >= 0xF5)
        return not_ours;
    for (std::size_t left = continuation_octets(lead); left > 0 && !text.empty(); --left) {
        if ((static_cast<unsigned char>(text.front()) & 0xC0) != 0x80)
            break;
        text.remove_prefix(1);
    }
    return not_ours;
}

}  // namespace onlooker::media
