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

bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept;

}  // namespace onlooker
