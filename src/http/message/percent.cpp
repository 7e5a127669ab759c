#include "http/message/percent.hpp"

#include <cstddef>

#include "base/text.hpp"

namespace onlooker::http {

namespace {

int hex_digit(char c) noexcept {
    if (is_digit(c))
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

// The octet that the "%XX" at `place` stands for, or -1.
int octet_at(std::string_view text, std::size_t place) noexcept {
    if (place + 2 >= text.size())
        return -1;
    const int high = hex_digit(text[place + 1]);
    const int low = hex_digit(text[place + 2]);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
}

}  // namespace

std::optional<std::string> percent_decoded(std::string_view text) {
    std::string result;
    result.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            result += text[i];
            continue;
        }
        const int octet = octet_at(text, i);
        if (octet <= 0)
            return std::nullopt;
        result += static_cast<char>(octet);
        i += 2;
    }
    return result;
}

std::string form_decoded(std::string_view text) {
    std::string result;
    result.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        const int octet = text[i] == '%' ? octet_at(text, i) : -1;
        if (octet >= 0) {
            result += static_cast<char>(octet);
            i += 2;
        } else {
            result += text[i] == '+' ? ' ' : text[i];
        }
    }
    return result;
}

}  // namespace onlooker::http
