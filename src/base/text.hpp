// Small text tools that the standard library lacks.
#pragma once

#include <charconv>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace onlooker {

// `text` made safe for one line of a log: octets outside printable ASCII, and the backslash, become
// \xNN; what is longer than `longest` octets is cut and marked with "...".
std::string escaped(std::string_view text, std::size_t longest = 200);

// The same, but letters of all scripts stay where they are valid UTF-8: for the terminal and the
// log of people who wrote them. What is invisible, or turns the direction of a line, is escaped.
std::string readable(std::string_view text, std::size_t longest = 200);

// The whole of `text` as a number, or nothing: no sign unless the type has one, no white space, no
// rest, no overflow.
template <typename Number>
std::optional<Number> parse_number(std::string_view text) {
    Number value{};
    const char* end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc{} || rest != end || text.empty())
        return std::nullopt;
    return value;
}

// Of ASCII. <cctype> minds the locale, and takes no octet above 127.
constexpr bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}
constexpr bool is_lower(char c) noexcept {
    return c >= 'a' && c <= 'z';
}
constexpr bool is_upper(char c) noexcept {
    return c >= 'A' && c <= 'Z';
}
constexpr char to_lower(char c) noexcept {
    return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
}
constexpr char to_upper(char c) noexcept {
    return is_lower(c) ? static_cast<char>(c - 'a' + 'A') : c;
}
constexpr bool is_alphanumeric(char c) noexcept {
    return is_digit(c) || is_lower(c) || is_upper(c);
}

// true, yes, on, 1 and false, no, off, 0, in any case; nothing for other words.
std::optional<bool> parse_yes_no(std::string_view text) noexcept;

// `text` without any of `blanks` at both ends.
std::string_view trimmed(std::string_view text, std::string_view blanks = " \t") noexcept;

bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept;

}  // namespace onlooker
