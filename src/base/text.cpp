#include "base/text.hpp"

#include <algorithm>

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

bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept {
    return std::ranges::equal(a, b, {}, to_lower, to_lower);
}

}  // namespace onlooker
