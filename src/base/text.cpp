#include "base/text.hpp"

#include <algorithm>
#include <array>

namespace onlooker {

std::string escaped(std::string_view text, std::size_t longest) {
    static constexpr char digits[] = "0123456789abcdef";
    std::string result;
    result.reserve(std::min(text.size(), longest) + 3);
    for (const char c : text.substr(0, longest)) {
        const auto octet = static_cast<unsigned char>(c);
        if (octet >= 0x20 && octet < 0x7f && c != '\\') {
            result += c;
        } else {
            result += "\\x";
            result += digits[octet >> 4];
            result += digits[octet & 15];
        }
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
