#include "media/overlay_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <optional>
#include <utility>

#include "base/nearest_name.hpp"
#include "base/text.hpp"

namespace onlooker::media {

namespace {

using Corner = Overlay::Corner;

constexpr std::array<std::pair<std::string_view, Corner>, 4> corners{{
    {"top-left", Corner::top_left},
    {"top-right", Corner::top_right},
    {"bottom-left", Corner::bottom_left},
    {"bottom-right", Corner::bottom_right},
}};

// As CSS has them: the colours of CSS 2, and four of the many that came later.
constexpr std::array<std::pair<std::string_view, std::uint32_t>, 23> colours{{
    {"aqua", 0x00ffff},    {"black", 0x000000}, {"blue", 0x0000ff},    {"cyan", 0x00ffff},
    {"fuchsia", 0xff00ff}, {"gold", 0xffd700},  {"gray", 0x808080},    {"green", 0x008000},
    {"grey", 0x808080},    {"lime", 0x00ff00},  {"magenta", 0xff00ff}, {"maroon", 0x800000},
    {"navy", 0x000080},    {"olive", 0x808000}, {"orange", 0xffa500},  {"pink", 0xffc0cb},
    {"purple", 0x800080},  {"red", 0xff0000},   {"silver", 0xc0c0c0},  {"teal", 0x008080},
    {"violet", 0xee82ee},  {"white", 0xffffff}, {"yellow", 0xffff00},
}};

template <std::size_t count, typename Value>
std::optional<Value> find(const std::array<std::pair<std::string_view, Value>, count>& table,
                          std::string_view name) {
    const auto found = std::ranges::find_if(
        table, [&](const auto& row) { return equal_ignoring_case(row.first, name); });
    return found == table.end() ? std::nullopt : std::optional(found->second);
}

std::string take_corner(Overlay& overlay, std::string_view value) {
    std::string name(value);
    std::ranges::replace(name, '_', '-');
    const auto corner = find(corners, name);
    if (!corner)
        return fmt::format(
            "'{}' is no corner of a picture; expected top-left, top-right, bottom-left or "
            "bottom-right",
            readable(value, 40));
    overlay.corner = *corner;
    return {};
}

std::string take_size(Overlay& overlay, std::string_view value) {
    const auto size =
        parse_number<unsigned>(value.ends_with('%') ? value.substr(0, value.size() - 1) : value);
    if (!size || *size < smallest_overlay_size || *size > largest_overlay_size)
        return fmt::format(
            "'{}' is no size of an overlay; expected {} to {}, the height of a line in hundredths "
            "of the picture's",
            readable(value, 40), smallest_overlay_size, largest_overlay_size);
    overlay.size = *size;
    return {};
}

// Six hexadecimal digits, or three that count twice, with or without a '#'.
std::optional<std::uint32_t> parse_digits(std::string_view text) {
    if (text.starts_with('#'))
        text.remove_prefix(1);
    std::string digits(text);
    if (text.size() == 3)
        digits = {text[0], text[0], text[1], text[1], text[2], text[2]};
    std::uint32_t value = 0;
    const char* end = digits.data() + digits.size();
    const auto [rest, error] = std::from_chars(digits.data(), end, value, 16);
    if (digits.size() != 6 || error != std::errc{} || rest != end)
        return std::nullopt;
    return value;
}

std::string no_such_colour(std::string_view value) {
    std::array<std::string_view, colours.size()> names;
    std::ranges::transform(colours, names.begin(), [](const auto& row) { return row.first; });
    const std::string_view near = value.size() > 40 ? "" : nearest_name(value, names);
    return fmt::format("'{}' is no colour; {}", readable(value, 40),
                       near.empty() ? "expected a name such as white or orange, or #rrggbb"
                                    : fmt::format("did you mean {}?", near));
}

std::string take_colour(Overlay& overlay, std::string_view value) {
    auto colour = find(colours, value);
    if (!colour)
        colour = parse_digits(value);
    if (!colour)
        return no_such_colour(value);
    overlay.colour = *colour;
    return {};
}

std::string take_text(Overlay& overlay, std::string_view value) {
    if (const auto wanted = parse_yes_no(value))
        overlay.text = *wanted ? default_overlay_text : "";
    else
        overlay.text = value;
    return {};
}

std::string take_zone(Overlay& overlay, std::string_view value) {
    overlay.zone = value;
    return {};
}

using Take = std::string (*)(Overlay&, std::string_view);
constexpr std::array<std::pair<std::string_view, Take>, 6> keys{{
    {"overlay", take_text},
    {"overlay_corner", take_corner},
    {"overlay_size", take_size},
    {"overlay_colour", take_colour},
    {"overlay_color", take_colour},
    {"overlay_zone", take_zone},
}};

}  // namespace

bool is_overlay_key(std::string_view key) noexcept {
    return std::ranges::any_of(keys, [&](const auto& row) { return row.first == key; });
}

std::string take_overlay_word(Overlay& overlay, std::string_view key, std::string_view value) {
    for (const auto& [name, take] : keys) {
        if (name == key)
            return take(overlay, value);
    }
    return fmt::format("{} is no key of an overlay", readable(key, 40));
}

std::string_view name_of(Overlay::Corner corner) noexcept {
    for (const auto& [name, value] : corners) {
        if (value == corner)
            return name;
    }
    return {};
}

std::string colour_digits(std::uint32_t colour) {
    return fmt::format("{:06x}", colour & 0xffffff);
}

}  // namespace onlooker::media
