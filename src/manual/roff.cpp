#include "manual/roff.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "base/text.hpp"

namespace onlooker::manual {

namespace {

constexpr std::size_t widest = 100;

bool is_lower(char c) noexcept {
    return c >= 'a' && c <= 'z';
}

bool is_upper(char c) noexcept {
    return c >= 'A' && c <= 'Z';
}

// The octets of the option at the beginning of `text`; 0: there is none.
std::size_t option_length(std::string_view text) noexcept {
    if (!text.starts_with("--") || text.size() < 3 || !is_lower(text[2]))
        return 0;
    const auto end = std::ranges::find_if_not(text, [](char c) { return is_lower(c) || c == '-'; });
    return static_cast<std::size_t>(end - text.begin());
}

bool begins_word(std::string_view text, std::size_t at) noexcept {
    return at == 0 || text[at - 1] == ' ' || text[at - 1] == '(';
}

// Of text in one line: bold where it is literal.
std::string marked(std::string_view text) {
    std::string result;
    bool is_literal = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const std::size_t option =
            !is_literal && begins_word(text, i) ? option_length(text.substr(i)) : 0;
        if (option > 0) {
            result += roff_bold(text.substr(i, option));
            i += option - 1;
        } else if (text[i] == '`') {
            is_literal = !is_literal;
            result += is_literal ? "\\fB" : "\\fR";
        } else {
            result += roff_escaped(text.substr(i, 1));
        }
    }
    return result;
}

// A line that begins with one of these would be a request.
bool looks_like_request(std::string_view word) noexcept {
    return word.starts_with('.') || word.starts_with('\'');
}

}  // namespace

std::string roff_escaped(std::string_view text) {
    std::string result;
    for (const char c : text) {
        switch (c) {
            case '\\':
                result += "\\e";
                break;
            case '-':
                result += "\\-";
                break;
            case '~':
                result += "\\(ti";
                break;
            case '^':
                result += "\\(ha";
                break;
            case '\'':
                result += "\\(aq";
                break;
            case '`':
                result += "\\(ga";
                break;
            default:
                result += c;
        }
    }
    return result;
}

std::string roff_paragraph(std::string_view text) {
    std::string plain(text);
    std::ranges::replace(plain, '\n', ' ');
    const std::string all = marked(plain);
    std::string lines;
    std::size_t column = 0;
    for (std::string_view rest = all; !rest.empty();) {
        const std::string_view word = rest.substr(0, rest.find(' '));
        const bool breaks = column > 0 && column + 1 + word.size() > widest;
        if (breaks || column == 0) {
            lines += breaks ? "\n" : "";
            lines += looks_like_request(word) ? "\\&" : "";
            column = 0;
        } else {
            lines += ' ';
            ++column;
        }
        lines += word;
        column += word.size();
        rest.remove_prefix(std::min(word.size() + 1, rest.size()));
    }
    return lines + '\n';
}

std::string roff_bold(std::string_view text) {
    return fmt::format("\\fB{}\\fR", roff_escaped(text));
}

std::string roff_placeholder(std::string_view text) {
    std::string result;
    while (!text.empty()) {
        const auto end = std::ranges::find_if_not(text, is_upper);
        const auto length = static_cast<std::size_t>(end - text.begin());
        if (length > 0)
            result += fmt::format("\\fI{}\\fR", text.substr(0, length));
        else
            result += roff_escaped(text.substr(0, 1));
        text.remove_prefix(std::max<std::size_t>(length, 1));
    }
    return result;
}

std::string roff_entry(std::string_view term, std::string_view explanation) {
    return fmt::format(".TP\n{}\n{}", term, roff_paragraph(explanation));
}

}  // namespace onlooker::manual
