#include "relay/boundary.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace onlooker::drivers {

namespace {

// RFC 2046 allows 70; some cameras send a little more.
constexpr std::size_t longest_name = 200;

std::string_view without_dashes(std::string_view text) noexcept {
    return text.substr(std::min(text.find_first_not_of('-'), text.size()));
}

std::string_view without_blanks_behind(std::string_view text) noexcept {
    return text.substr(0, text.find_last_not_of(" \t\r") + 1);
}

bool is_printable(std::string_view text) noexcept {
    return std::ranges::all_of(text, [](char c) { return c >= 0x20 && c < 0x7f; });
}

std::string unquoted(std::string_view text) {
    std::string result;
    for (std::size_t i = 1; i < text.size() && text[i] != '"'; ++i) {
        if (text[i] == '\\' && i + 1 < text.size())
            ++i;
        result += text[i];
    }
    return result;
}

}  // namespace

std::string announced_boundary(std::string_view content_type) {
    static constexpr std::string_view key = "boundary";
    for (std::size_t at = content_type.find(';'); at != std::string_view::npos;
         at = content_type.find(';', at + 1)) {
        std::string_view rest = content_type.substr(at + 1);
        rest = rest.substr(std::min(rest.find_first_not_of(" \t"), rest.size()));
        if (!equal_ignoring_case(rest.substr(0, key.size()), key))
            continue;
        rest.remove_prefix(key.size());
        rest = rest.substr(std::min(rest.find_first_not_of(" \t"), rest.size()));
        if (!rest.starts_with('='))
            continue;
        rest.remove_prefix(1);
        rest = rest.substr(std::min(rest.find_first_not_of(" \t"), rest.size()));
        return rest.starts_with('"') ? unquoted(rest)
                                     : std::string(rest.substr(0, rest.find_first_of("; \t\r")));
    }
    return {};
}

Boundary::Boundary(std::string_view content_type) {
    name_ = without_dashes(announced_boundary(content_type));
    if (name_.size() > longest_name || !is_printable(name_))
        name_.clear();
}

bool Boundary::matches(std::string_view line) const noexcept {
    line = without_blanks_behind(line);
    if (known())
        return line == line_;
    return !name_.empty() && without_dashes(line) == name_;
}

bool Boundary::plausible(std::string_view line) noexcept {
    line = without_blanks_behind(line);
    return line.starts_with("--") && line.size() <= longest_name && is_printable(line) &&
           !without_dashes(line).empty();
}

void Boundary::learn(std::string_view line) {
    line_ = without_blanks_behind(line);
}

}  // namespace onlooker::drivers
