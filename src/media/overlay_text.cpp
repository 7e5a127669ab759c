#include "media/overlay_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>

#include "base/nearest_name.hpp"
#include "base/text.hpp"

namespace onlooker::media {

namespace {

// Those of strftime (C99, POSIX) that depend on the time alone: not %E and %O, which take another
// letter, not %s, which minds the zone of the process, and no tabulator.
constexpr std::string_view conversions = "aAbBcCdDeFgGhHIjmMnprRSTuUVwWxXyYzZ%";
constexpr std::array<std::string_view, 2> words{"name", "frame"};

// "name" at the front of "{name}..."; empty where there is no word in braces.
std::string_view word_in_braces(std::string_view text) noexcept {
    if (!text.starts_with('{'))
        return {};
    const std::string_view inside = text.substr(1, text.find('}') - 1);
    const bool closed = inside.size() + 1 < text.size();
    const bool is_word = std::ranges::all_of(inside, [](char c) { return is_lower(c); });
    return closed && is_word ? inside : std::string_view();
}

bool is_conversion(std::string_view text) noexcept {
    return text.size() > 1 && text[0] == '%' && conversions.find(text[1]) != std::string_view::npos;
}

// One character off the front of a text that is not empty; U+FFFD for an octet that is not UTF-8
// (RFC 3629).
char32_t take_code_point(std::string_view& text) noexcept {
    const auto first = static_cast<unsigned char>(text.front());
    const std::size_t length = first < 0x80 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    const std::string_view rest = text.substr(1, length - 1);
    text.remove_prefix(1);
    if (length == 1)
        return first;
    char32_t character = first & (0x7fu >> length);
    for (const char c : rest) {
        const auto octet = static_cast<unsigned char>(c);
        if ((octet & 0xc0) != 0x80)
            return U'\uFFFD';
        character = character << 6 | (octet & 0x3f);
    }
    static constexpr std::array<char32_t, 3> least{0x80, 0x800, 0x10000};
    if (first < 0xc2 || first > 0xf4 || rest.size() + 1 < length || character < least[length - 2] ||
        character > 0x10ffff || (character >= 0xd800 && character <= 0xdfff))
        return U'\uFFFD';
    text.remove_prefix(rest.size());
    return character;
}

bool is_control(char32_t character) noexcept {
    return (character < 0x20 && character != U'\n') || (character >= 0x7f && character < 0xa0);
}

std::string wrong_characters(std::string_view text) {
    while (!text.empty()) {
        const std::string_view before = text;
        const char32_t character = take_code_point(text);
        const bool is_sent_so = before.starts_with("\xef\xbf\xbd");
        if (character == U'\uFFFD' && !is_sent_so)
            return fmt::format("the text of an overlay is no UTF-8 from {} on", escaped(before, 8));
        if (is_control(character))
            return fmt::format("the text of an overlay has a control character, {}",
                               escaped(before.substr(0, 1)));
    }
    return {};
}

std::string wrong_conversion(std::string_view text) {
    // A '%' at the end, or before a character that is no letter, is none that was misspelt.
    std::string_view rest = text.substr(1);
    if (!rest.empty())
        (void)take_code_point(rest);
    return fmt::format(
        "{} is no date or time that an overlay knows; known are those of strftime, such as %Y %m "
        "%d %H %M %S, and %% is the sign itself",
        readable(text.substr(0, text.size() - rest.size())));
}

std::string wrong_word(std::string_view word) {
    const std::string_view near = nearest_name(word, words);
    return fmt::format(
        "{{{}}} is no word that an overlay knows; {}", readable(word, 40),
        near.empty() ? "known are {name} and {frame}" : fmt::format("did you mean {{{}}}?", near));
}

void append_time(std::string& expanded, char conversion, const std::tm& time) {
    const std::array<char, 3> format{'%', conversion, '\0'};
    std::array<char, 64> written{};
    const std::size_t size = std::strftime(written.data(), written.size(), format.data(), &time);
    expanded.append(written.data(), size);
}

void append_word(std::string& expanded, std::string_view word, const OverlayValues& values) {
    if (word == "name")
        expanded += values.name;
    else
        fmt::format_to(std::back_inserter(expanded), "{}", values.number);
}

}  // namespace

std::string check_overlay_text(std::string_view text) {
    if (text.size() > longest_overlay_text)
        return fmt::format("the text of an overlay has {} octets; it may have {}", text.size(),
                           longest_overlay_text);
    if (std::string wrong = wrong_characters(text); !wrong.empty())
        return wrong;
    while (!text.empty()) {
        const std::string_view word = word_in_braces(text);
        if (!word.empty() && std::ranges::find(words, word) == words.end())
            return wrong_word(word);
        if (text.front() == '%' && !is_conversion(text))
            return wrong_conversion(text);
        text.remove_prefix(text.front() == '%' ? 2 : 1);
    }
    return {};
}

std::string expand_overlay_text(std::string_view text, const OverlayValues& values) {
    std::string expanded;
    while (!text.empty() && expanded.size() < longest_expanded_overlay) {
        const std::string_view word = word_in_braces(text);
        if (!word.empty() && std::ranges::find(words, word) != words.end()) {
            append_word(expanded, word, values);
            text.remove_prefix(word.size() + 2);
        } else if (is_conversion(text)) {
            append_time(expanded, text[1], values.time);
            text.remove_prefix(2);
        } else {
            expanded += text.front();
            text.remove_prefix(1);
        }
    }
    expanded.resize(std::min(expanded.size(), longest_expanded_overlay));
    return expanded;
}

std::u32string characters_of(std::string_view utf8) {
    std::u32string characters;
    while (!utf8.empty())
        characters += take_code_point(utf8);
    return characters;
}

}  // namespace onlooker::media
