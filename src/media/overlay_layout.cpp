#include "media/overlay_layout.hpp"

#include <algorithm>
#include <cmath>

#include "media/overlay_text.hpp"

namespace onlooker::media {

namespace {

constexpr std::size_t most_kept_octets = std::size_t{1024} * 1024;
constexpr std::u32string_view dots = U"...";
// A line that was cut to less says nothing.
constexpr std::size_t fewest_letters = 3;

std::u32string_view without_last_spaces(std::u32string_view text) noexcept {
    return text.substr(0, text.find_last_not_of(U' ') + 1);
}

}  // namespace

const Typeface::Letter& OverlayLayout::letter(char32_t character, int line) {
    const std::uint64_t key = static_cast<std::uint64_t>(line) << 32 | character;
    const auto found = letters_.find(key);
    if (found != letters_.end())
        return found->second;
    if (kept_octets_ > most_kept_octets) {
        letters_.clear();
        kept_octets_ = 0;
    }
    const auto& made = letters_.emplace(key, typeface_->letter(character, line)).first->second;
    kept_octets_ += made.shape.values.size() + 100;
    return made;
}

double OverlayLayout::width_of(std::u32string_view text, int line) {
    double width = 0;
    for (const char32_t character : text)
        width += letter(character, line).advance;
    return width;
}

// How many characters from the front fit into a line.
std::size_t OverlayLayout::longest_fit(std::u32string_view text, const Room& room) {
    double width = 0;
    std::size_t count = 0;
    while (count < text.size()) {
        width += letter(text[count], room.line).advance;
        if (width > room.width)
            break;
        ++count;
    }
    return count;
}

// Something is left out behind what is kept.
std::u32string OverlayLayout::cut(std::u32string_view text, const Room& room) {
    Room before_dots = room;
    before_dots.width -= static_cast<int>(std::ceil(width_of(dots, room.line)));
    const std::u32string_view kept =
        without_last_spaces(text.substr(0, longest_fit(text, before_dots)));
    if (kept.size() < std::min(fewest_letters, text.size()))
        return {};
    return std::u32string(kept) + std::u32string(dots);
}

// The lines of one paragraph. False: there was no room for all of it.
bool OverlayLayout::add_lines(std::vector<std::u32string>& lines, std::u32string_view text,
                              const Room& room) {
    while (true) {
        const std::size_t fitting = longest_fit(text, room);
        if (fitting == text.size()) {
            lines.emplace_back(text);
            return true;
        }
        if (lines.size() + 1 == room.most_lines) {
            lines.push_back(cut(text, room));
            return false;
        }
        const std::size_t space = text.rfind(U' ', fitting);
        const std::u32string_view line =
            space == std::u32string_view::npos ? text : without_last_spaces(text.substr(0, space));
        if (line.empty() || space == std::u32string_view::npos) {
            // A word that is longer than a line: its end is left out.
            const std::size_t end = std::min(text.find(U' ', fitting), text.size());
            lines.push_back(cut(text.substr(0, end), room));
            text.remove_prefix(end);
        } else {
            lines.emplace_back(line);
            text.remove_prefix(space);
        }
        text.remove_prefix(std::min(text.find_first_not_of(U' '), text.size()));
        if (text.empty())
            return true;
    }
}

std::vector<std::u32string> OverlayLayout::lines_of(std::string_view text, const Room& room) {
    const std::u32string composed = characters_of(typeface_->composed(text));
    std::u32string_view rest = composed;
    std::vector<std::u32string> lines;
    while (true) {
        const std::size_t end = rest.find(U'\n');
        const bool is_last = end == std::u32string_view::npos;
        const bool has_room = add_lines(lines, without_last_spaces(rest.substr(0, end)), room);
        if (is_last || !has_room)
            break;
        rest.remove_prefix(end + 1);
        if (lines.size() == room.most_lines) {
            // Not all paragraphs fit: the dots say so.
            lines.back() += dots;
            if (longest_fit(lines.back(), room) < lines.back().size())
                lines.back() = cut(lines.back(), room);
            break;
        }
    }
    return lines;
}

void OverlayLayout::draw(Coverage& onto, int y, std::u32string_view text, int line) {
    double pen = 0;
    for (const char32_t character : text) {
        const Typeface::Letter& drawn = letter(character, line);
        const int left = static_cast<int>(std::lround(pen)) + drawn.left, top = y + drawn.top;
        pen += drawn.advance;
        const Coverage& shape = drawn.shape;
        // Marks and bold edges may reach beyond the line; what does is cut.
        const int first_x = std::max(0, -left), end_x = std::min(shape.width, onto.width - left);
        const int first_y = std::max(0, -top), end_y = std::min(shape.height, onto.height - top);
        for (int row = first_y; row < end_y; ++row)
            for (int column = first_x; column < end_x; ++column) {
                auto& value = onto.values[static_cast<std::size_t>(top + row) *
                                              static_cast<std::size_t>(onto.width) +
                                          static_cast<std::size_t>(left + column)];
                value = std::max(value, static_cast<std::uint8_t>(shape.at(column, row)));
            }
    }
}

Coverage OverlayLayout::set(std::string_view text, const Room& room) {
    Coverage shape;
    if (room.width <= 0 || room.most_lines == 0)
        return shape;
    const std::vector<std::u32string> lines = lines_of(text, room);
    for (const std::u32string& line : lines)
        shape.width = std::max(shape.width, static_cast<int>(std::ceil(width_of(line, room.line))));
    if (shape.width == 0)
        return shape;
    shape.height = room.line * static_cast<int>(lines.size());
    shape.values.resize(static_cast<std::size_t>(shape.width) *
                        static_cast<std::size_t>(shape.height));
    for (std::size_t i = 0; i < lines.size(); ++i)
        draw(shape, room.line * static_cast<int>(i), lines[i], room.line);
    return shape;
}

}  // namespace onlooker::media
