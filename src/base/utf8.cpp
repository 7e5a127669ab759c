#include "base/utf8.hpp"

#include <array>

namespace onlooker {

Utf8Character front_of_utf8(std::string_view text) noexcept {
    const auto first = static_cast<unsigned char>(text.front());
    const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc2 || first > 0xf4 || text.size() < length)
        return {0, 0};
    std::uint32_t code = first & (0x7fu >> length);
    for (const char c : text.substr(1, length - 1)) {
        const auto octet = static_cast<unsigned char>(c);
        if ((octet & 0xc0) != 0x80)
            return {0, 0};
        code = code << 6 | (octet & 0x3f);
    }
    static constexpr std::array<std::uint32_t, 3> least{0x80, 0x800, 0x10000};
    const bool is_surrogate = code >= 0xd800 && code <= 0xdfff;
    if (code < least[length - 2] || code > 0x10ffff || is_surrogate)
        return {0, 0};
    return {length, code};
}

bool is_utf8(std::string_view text) noexcept {
    while (!text.empty()) {
        const bool is_ascii = static_cast<unsigned char>(text.front()) < 0x80;
        const std::size_t length = is_ascii ? 1 : front_of_utf8(text).length;
        if (length == 0)
            return false;
        text.remove_prefix(length);
    }
    return true;
}

std::string utf8_of_latin1(std::string_view text) {
    std::string result;
    result.reserve(2 * text.size());
    for (const char c : text) {
        const auto octet = static_cast<unsigned char>(c);
        if (octet < 0x80) {
            result += c;
        } else {
            result += static_cast<char>(0xc0 | octet >> 6);
            result += static_cast<char>(0x80 | (octet & 0x3f));
        }
    }
    return result;
}

}  // namespace onlooker
