// Text of one size, ready to be drawn on a canvas.
//
// Letters are turned from strokes into coverage when they are first needed, and kept, so that a
// clock that is drawn thirty times a second costs a few copies.
//
// Owner: whoever draws. Thread: one at a time.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "media/canvas.hpp"
#include "media/font.hpp"

namespace onlooker::media {

class Lettering {
  public:
    static constexpr double smallest = 1;
    static constexpr double largest = 256;

    // `pixels` per two steps of the grid, clamped to smallest..largest: capitals are seven times
    // as high with their pen, and a line eleven times. The pen is `weight` times as wide.
    explicit Lettering(double pixels, double weight = 1);

    // All in pixels.
    int width_of(std::string_view text);
    int cap_height() const noexcept;   // top of the capitals to the base line, with the pen
    int line_height() const noexcept;  // from one line to the next
    int descent() const noexcept;      // base line to the lowest stroke

    // One line whose capitals have their upper left corner at x, y. Returns where the next letter
    // would begin.
    int draw(Canvas& canvas, int x, int y, std::string_view text, Colour colour);

    // `text`, or as much of it as fits into `width` pixels with "..." behind.
    std::string shortened(std::string_view text, int width);

    // `text` broken between words into lines that fit into `width`; a word that is longer than a
    // line is broken inside. What does not fit into `most_lines` lines is cut, marked with "...".
    std::vector<std::string> wrapped(std::string_view text, int width, std::size_t most_lines);

    // One letter; `shape` begins at the top of the capitals.
    struct Letter {
        Coverage shape;
        double advance = 0;
    };
    const Letter& letter(char32_t character);

  private:
    Coverage shape_of(const Glyph& glyph) const;
    double advance_of(std::string_view text);
    std::string_view take_fitting(std::string_view& word, int width);

    double step_;    // pixels per step of the grid
    double radius_;  // of the pen
    int margin_;     // of a shape around the middle of its strokes
    std::map<char32_t, Letter> letters_;
};

}  // namespace onlooker::media
