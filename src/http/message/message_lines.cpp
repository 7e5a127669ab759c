#include "http/message/message_lines.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <system_error>

#include "base/text.hpp"
#include "http/message/syntax.hpp"

namespace onlooker::http {

namespace {

// Removes the token at the front of `text`; false if there is none.
bool skip_token(std::string_view& text) noexcept {
    const auto end = std::ranges::find_if_not(text, is_token_char);
    const auto size = static_cast<std::size_t>(end - text.begin());
    text.remove_prefix(size);
    return size > 0;
}

bool skip_octet(std::string_view& text, char c) noexcept {
    if (!text.starts_with(c))
        return false;
    text.remove_prefix(1);
    return true;
}

// After the first quotation mark.
bool skip_quoted(std::string_view& text) noexcept {
    text.remove_prefix(std::min(text.find_first_of("\"\\"), text.size()));
    return skip_octet(text, '"');
}

// chunk-ext = *( ";" token [ "=" ( token / quoted-string ) ] ), and none behind a token as value.
bool are_extensions(std::string_view text) noexcept {
    while (!text.empty()) {
        if (!skip_octet(text, ';') || !skip_token(text))
            return false;
        if (!skip_octet(text, '='))
            continue;
        if (!skip_octet(text, '"'))
            return skip_token(text) && text.empty();
        if (!skip_quoted(text))
            return false;
    }
    return true;
}

}  // namespace

std::optional<FieldLine> read_field_line(std::string_view line) noexcept {
    std::string_view value = line;
    if (!skip_token(value))
        return std::nullopt;
    const std::string_view name = line.substr(0, line.size() - value.size());
    if (!skip_octet(value, ':'))
        return std::nullopt;
    return FieldLine{name, trimmed(value)};
}

std::optional<std::uint64_t> read_chunk_size(std::string_view line) noexcept {
    std::uint64_t size = 0;
    const char* end = line.data() + line.size();
    const auto [rest, error] = std::from_chars(line.data(), end, size, 16);
    if (error != std::errc{} || !are_extensions({rest, end}))
        return std::nullopt;
    return size;
}

}  // namespace onlooker::http
