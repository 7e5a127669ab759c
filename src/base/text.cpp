#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/utf8.hpp"

namespace onlooker {

namespace {

void add_escaped(std::string& result, char c) {
    static constexpr char digits[] = "0123456789abcdef";
    const auto octet = static_cast<unsigned char>(c);
    if (octet >= 0x20 && octet < 0x7f && c != '\\') {
        result += c;
    } else {
        result += "\\x";
        result += digits[octet >> 4];
        result += digits[octet & 15];
    }
}

// Controls, blanks of no width, marks of direction, private characters and those for tags.
bool can_be_seen(std::uint32_t character) noexcept {
    return character > 0xa0 && character != 0xad && !(character >= 0x200b && character <= 0x200f) &&
           !(character >= 0x2028 && character <= 0x202e) &&
           !(character >= 0x2060 && character <= 0x206f) &&
           !(character >= 0xd800 && character <= 0xf8ff) && character != 0xfeff &&
           character < 0xe0000;
}

// How many octets it has, if it can be seen; otherwise 0.
std::size_t length_of_seen(std::string_view text) noexcept {
    const auto [length, code] = front_of_utf8(text);
    return length > 0 && can_be_seen(code) ? length : 0;
}

}  // namespace

std::string escaped(std::string_view text, std::size_t longest) {
    std::string result;
    result.reserve(std::min(text.size(), longest) + 3);
    for (const char c : text.substr(0, longest))
        add_escaped(result, c);
    if (text.size() > longest)
        result += "...";
    return result;
}

std::string readable(std::string_view text, std::size_t longest) {
    std::string result;
    result.reserve(std::min(text.size(), longest) + 3);
    std::string_view rest = text.substr(0, longest);
    while (!rest.empty()) {
        const std::size_t length = length_of_seen(rest);
        if (length == 0)
            add_escaped(result, rest.front());
        else
            result += rest.substr(0, length);
        rest.remove_prefix(std::max<std::size_t>(length, 1));
    }
    if (text.size() > longest)
        result += "...";
    return result;
}

std::optional<bool> parse_yes_no(std::string_view text) noexcept {
    const auto is_text = [text](std::string_view word) { return equal_ignoring_case(text, word); };
    static constexpr std::array<std::string_view, 4> yes{"true", "yes", "on", "1"};
    static constexpr std::array<std::string_view, 4> no{"false", "no", "off", "0"};
    if (std::ranges::any_of(yes, is_text))
        return true;
    if (std::ranges::any_of(no, is_text))
        return false;
    return std::nullopt;
}

std::string_view trimmed(std::string_view text, std::string_view blanks) noexcept {
    const auto first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept {
    return std::ranges::equal(a, b, {}, to_lower, to_lower);
}

}  // namespace onlooker
