#include "app/camera_name.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include "base/text.hpp"

namespace onlooker::app {

namespace {

constexpr bool is_name_octet(char c) noexcept {
    return is_alphanumeric(c) || c == '_' || c == '-';
}

// The letters of U+00C0 to U+00FF in ASCII, as their languages write them without accents.
constexpr std::array<std::string_view, 64> latin{
    "a", "a", "a", "a", "ae", "a", "ae", "c", "e", "e", "e", "e", "i",  "i", "i",  "i",
    "d", "n", "o", "o", "o",  "o", "oe", "",  "o", "u", "u", "u", "ue", "y", "th", "ss",
    "a", "a", "a", "a", "ae", "a", "ae", "c", "e", "e", "e", "e", "i",  "i", "i",  "i",
    "d", "n", "o", "o", "o",  "o", "oe", "",  "o", "u", "u", "u", "ue", "y", "th", "y"};

}  // namespace

bool is_plain_name(std::string_view name) noexcept {
    return !name.empty() && name.size() <= longest_name && std::ranges::all_of(name, is_name_octet);
}

std::string plain_name_for(std::string_view name) {
    std::string plain;
    for (std::size_t i = 0; i < name.size() && plain.size() < longest_name; ++i) {
        const auto octet = static_cast<unsigned char>(name[i]);
        // In UTF-8 these letters are C3 80 to C3 BF.
        if (octet == 0xc3 && i + 1 < name.size())
            plain += latin[static_cast<unsigned char>(name[++i]) & 0x3f];
        else if (is_name_octet(name[i]))
            plain += to_lower(name[i]);
        else if (octet < 0x80 && !plain.empty() && plain.back() != '-')
            plain += '-';
    }
    plain.resize(std::min(plain.size(), longest_name));
    while (plain.ends_with('-'))
        plain.pop_back();
    return plain;
}

}  // namespace onlooker::app
