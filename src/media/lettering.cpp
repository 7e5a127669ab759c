#include "media/lettering.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace onlooker::media {

namespace {

double distance_to_line(GridPoint point, GridPoint a, GridPoint b) noexcept {
    const double along_x = b.x - a.x, along_y = b.y - a.y;
    const double length_squared = along_x * along_x + along_y * along_y;
    const double projected = (point.x - a.x) * along_x + (point.y - a.y) * along_y;
    const double t = length_squared == 0 ? 0 : std::clamp(projected / length_squared, 0.0, 1.0);
    return std::hypot(a.x + t * along_x - point.x, a.y + t * along_y - point.y);
}

// Covers what a round pen touches between two points; all in pixels.
void draw_line(Coverage& shape, GridPoint a, GridPoint b, double radius) {
    const auto first = [&](double low) {
        return std::max(0, static_cast<int>(std::floor(low - radius - 1)));
    };
    const auto end = [&](double high, int size) {
        return std::min(size, static_cast<int>(std::ceil(high + radius + 1)));
    };
    const int right = end(std::max(a.x, b.x), shape.width);
    const int bottom = end(std::max(a.y, b.y), shape.height);
    for (int y = first(std::min(a.y, b.y)); y < bottom; ++y)
        for (int x = first(std::min(a.x, b.x)); x < right; ++x) {
            const double distance = distance_to_line({x + 0.5, y + 0.5}, a, b);
            const double share = std::clamp(radius - distance + 0.5, 0.0, 1.0);
            auto& value =
                shape.values[static_cast<std::size_t>(y) * static_cast<std::size_t>(shape.width) +
                             static_cast<std::size_t>(x)];
            value = std::max(value, static_cast<std::uint8_t>(std::lround(255 * share)));
        }
}

// Takes the next word off a text, and the white space around it.
std::string_view take_word(std::string_view& text) noexcept {
    constexpr std::string_view white = " \t\r\n";
    text.remove_prefix(std::min(text.find_first_not_of(white), text.size()));
    const std::string_view word = text.substr(0, text.find_first_of(white));
    text.remove_prefix(word.size());
    text.remove_prefix(std::min(text.find_first_not_of(white), text.size()));
    return word;
}

}  // namespace

Lettering::Lettering(double pixels, double weight)
    : step_(std::clamp(pixels, smallest, largest) / 2),
      radius_(std::max(step_ * weight, 0.5)),
      margin_(static_cast<int>(std::ceil(radius_))) {}

int Lettering::cap_height() const noexcept {
    return static_cast<int>(std::lround(cap_steps * step_ + 2 * radius_));
}

int Lettering::descent() const noexcept {
    return static_cast<int>(std::ceil(descent_steps * step_));
}

int Lettering::line_height() const noexcept {
    return static_cast<int>(std::lround(line_steps * step_));
}

Coverage Lettering::shape_of(const Glyph& glyph) const {
    Coverage shape;
    shape.width = static_cast<int>(std::ceil(glyph.width * step_)) + 2 * margin_ + 1;
    shape.height =
        static_cast<int>(std::ceil((cap_steps + descent_steps) * step_)) + 2 * margin_ + 1;
    shape.values.resize(static_cast<std::size_t>(shape.width) *
                        static_cast<std::size_t>(shape.height));
    // The upper left edge of the pen lies on the edge of a pixel, so that it is sharp.
    const auto in_pixels = [&](GridPoint point) {
        return GridPoint{(point.x - glyph.left) * step_ + radius_, point.y * step_ + radius_};
    };
    for (const Glyph::Stroke& stroke : glyph.strokes)
        for (std::size_t i = 0; i < stroke.size(); ++i)
            draw_line(shape, in_pixels(stroke[i == 0 ? 0 : i - 1]), in_pixels(stroke[i]), radius_);
    return shape;
}

const Lettering::Letter& Lettering::letter(char32_t character) {
    const auto found = letters_.find(character);
    if (found != letters_.end())
        return found->second;
    const Glyph glyph = glyph_of(character);
    Letter made{.shape = {}, .advance = (glyph.width + gap_steps) * step_};
    if (!glyph.strokes.empty())
        made.shape = shape_of(glyph);
    return letters_.emplace(character, std::move(made)).first->second;
}

double Lettering::advance_of(std::string_view text) {
    double advance = 0;
    while (!text.empty())
        advance += letter(take_character(text)).advance;
    return advance;
}

int Lettering::width_of(std::string_view text) {
    if (text.empty())
        return 0;
    // The last letter has no gap behind it, but the pen.
    const double width = advance_of(text) - gap_steps * step_ + 2 * radius_;
    return static_cast<int>(std::ceil(width));
}

int Lettering::draw(Canvas& canvas, int x, int y, std::string_view text, Colour colour) {
    double at = x;
    while (!text.empty()) {
        const Letter& next = letter(take_character(text));
        if (next.shape.width > 0)
            canvas.blend(next.shape, static_cast<int>(std::lround(at)), y, colour);
        at += next.advance;
    }
    return static_cast<int>(std::lround(at));
}

std::string Lettering::shortened(std::string_view text, int width) {
    if (width_of(text) <= width)
        return std::string(text);
    std::string kept, tried;
    while (!text.empty()) {
        const std::string_view before = text;
        take_character(text);
        tried.append(before.substr(0, before.size() - text.size()));
        if (width_of(tried + "...") > width)
            break;
        kept = tried;
    }
    while (kept.ends_with(' '))
        kept.pop_back();
    return kept + "...";
}

std::string_view Lettering::take_fitting(std::string_view& word, int width) {
    const std::string_view whole = word;
    std::string_view rest = word;
    take_character(rest);  // one at least, or the text would never end
    while (!rest.empty()) {
        std::string_view shorter = rest;
        take_character(shorter);
        if (width_of(whole.substr(0, whole.size() - shorter.size())) > width)
            break;
        rest = shorter;
    }
    word = rest;
    return whole.substr(0, whole.size() - rest.size());
}

std::vector<std::string> Lettering::wrapped(std::string_view text, int width,
                                            std::size_t most_lines) {
    std::vector<std::string> lines;
    for (std::string_view word = take_word(text); !word.empty(); word = take_word(text)) {
        while (!word.empty()) {
            const std::string piece(take_fitting(word, width));
            const std::string longer = lines.empty() ? "" : lines.back() + ' ' + piece;
            if (!lines.empty() && width_of(longer) <= width)
                lines.back() = longer;
            else
                lines.push_back(piece);
        }
        if (lines.size() > most_lines)
            break;
    }
    if (lines.size() > most_lines) {
        // The next line did not fit behind this one, so that joining them makes the dots appear.
        const std::string next = lines[most_lines];
        lines.resize(most_lines);
        if (most_lines > 0)
            lines.back() = shortened(lines.back() + ' ' + next, width);
    }
    return lines;
}

}  // namespace onlooker::media
