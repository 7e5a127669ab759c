#include "app/config_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "app/options.hpp"
#include "app/settings.hpp"
#include "base/text.hpp"
#include "base/url_login.hpp"

namespace onlooker::app {

namespace {

// Around names and values.
constexpr std::string_view blanks = " \t\r\n";

constexpr std::size_t longest_file = std::size_t{1024} * 1024;

// Reads octet by octet and keeps count of the lines, as the user's editor shows them.
class Reader {
  public:
    Reader(std::string_view text, std::string_view file) : text_(text), file_(file) {
        static constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
        if (text_.starts_with(byte_order_mark))
            text_.remove_prefix(byte_order_mark.size());
    }

    std::vector<ConfigLine> all() {
        std::vector<ConfigLine> lines;
        for (skip_blank_lines(); !at_end(); skip_blank_lines())
            lines.push_back(setting());
        return lines;
    }

  private:
    ConfigLine setting() {
        ConfigLine result;
        result.line = line_;
        result.key = key();
        skip_spaces();
        if (peek() == '[') {
            result.is_list = true;
            result.values = list();
        } else {
            result.values.push_back(value("\n"));
        }
        expect_end_of_line();
        return result;
    }

    std::string key() {
        if (peek() == '[')
            fail("sections in [brackets] are not used here; take that line out");
        const std::size_t end = std::min(text_.find_first_of("=\n"), text_.size());
        const std::string_view before = trimmed(text_.substr(0, end), blanks);
        if (before.empty())
            fail("there is no name before the '='");
        if (end == text_.size() || text_[end] != '=' || !std::ranges::all_of(before, is_key_octet))
            refuse_line(before);
        std::string name(before);
        take(end + 1);
        return name;
    }

    // What stands in the line may be a password: of its words only a setting's name is repeated.
    [[noreturn]] void refuse_line(std::string_view line) const {
        const auto end = std::ranges::find_if_not(line, is_key_octet);
        const std::string_view word = line.substr(0, static_cast<std::size_t>(end - line.begin()));
        if (find_setting(word) == nullptr)
            fail("this line is not of the form name = value");
        const std::string_view rest = trimmed(line.substr(word.size()), blanks);
        fail(fmt::format("expected {} = value{}", word,
                         rest.starts_with(':') ? ", with '=' in place of the ':'" : ""));
    }

    static bool is_key_octet(char c) { return is_alphanumeric(c) || c == '_' || c == '-'; }

    std::vector<std::string> list() {
        std::vector<std::string> values;
        take(1);
        for (skip_blank_lines(); peek() != ']'; skip_blank_lines()) {
            if (at_end())
                fail("a list began with '[' and has no ']'");
            values.push_back(value(",]\n"));
            skip_blank_lines();
            if (peek() == ',')
                take(1);
            else if (peek() != ']')
                fail("expected ',' or ']' in the list");
        }
        take(1);
        return values;
    }

    std::string value(std::string_view ends) {
        if (peek() == '"' || peek() == '\'')
            return quoted();
        std::size_t end = 0;
        while (end < text_.size() && !is_end_of_value(end, ends) && !is_comment_at(end))
            ++end;
        return std::string(trimmed(take(end), blanks));
    }

    // A ',' in a password ends no value of a list.
    bool is_end_of_value(std::size_t place, std::string_view ends) const {
        const bool ends_here = ends.find(text_[place]) != std::string_view::npos;
        const std::string_view line = text_.substr(0, std::min(text_.find('\n'), text_.size()));
        return ends_here && !(text_[place] == ',' && is_inside_login(line, place));
    }

    // "..." knows \" and \\; '...' takes all as it is. Other backslashes stay, so that `\,` in a
    // camera needs no second one.
    std::string quoted() {
        const char quote = take(1).front();
        std::string result;
        while (peek() != quote) {
            if (at_end() || peek() == '\n')
                fail(fmt::format("a value began with {} and has no second one in its line", quote));
            const bool escapes = quote == '"' && peek() == '\\' && text_.size() > 1 &&
                                 (text_[1] == '"' || text_[1] == '\\');
            result += take(escapes ? 2 : 1).back();
        }
        take(1);
        return result;
    }

    void expect_end_of_line() {
        skip_spaces();
        if (is_comment_at(0))
            take(std::min(text_.find('\n'), text_.size()));
        if (!at_end() && peek() != '\n')
            fail(
                "there is more in the line than the value; a value with a quote in it needs "
                "quotes around it");
    }

    void skip_spaces() { take(std::min(text_.find_first_not_of(" \t\r"), text_.size())); }

    // Spaces, ends of lines and comments.
    void skip_blank_lines() {
        for (;;) {
            take(std::min(text_.find_first_not_of(" \t\r\n"), text_.size()));
            if (peek() != '#' && peek() != ';')
                return;
            take(std::min(text_.find('\n'), text_.size()));
        }
    }

    // A '#' begins a comment at the start of a line or behind a space: a URL may hold one.
    bool is_comment_at(std::size_t place) const {
        if (place >= text_.size() || text_[place] != '#')
            return false;
        return place == 0 ? is_space(last_) : is_space(text_[place - 1]);
    }

    static bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

    std::string_view take(std::size_t octets) {
        const std::string_view taken = text_.substr(0, octets);
        text_.remove_prefix(octets);
        line_ += static_cast<std::size_t>(std::ranges::count(taken, '\n'));
        if (!taken.empty())
            last_ = taken.back();
        return taken;
    }

    bool at_end() const { return text_.empty(); }
    char peek() const { return text_.empty() ? '\0' : text_.front(); }

    [[noreturn]] void fail(std::string_view words) const {
        throw ConfigError(fmt::format("{}:{}: {}", escaped(file_), line_, words));
    }

    std::string_view text_;
    std::string_view file_;
    std::size_t line_ = 1;
    char last_ = '\n';
};

}  // namespace

std::vector<ConfigLine> parse_config(std::string_view text, std::string_view file) {
    if (text.find('\0') != std::string_view::npos)
        throw ConfigError(fmt::format("{} is no text file: it holds a NUL octet", escaped(file)));
    return Reader(text, file).all();
}

std::string read_config_file(const std::string& path) {
    std::error_code error;
    if (std::filesystem::is_directory(path, error))
        throw ConfigError(fmt::format("cannot read {}: it is a folder", escaped(path)));
    errno = 0;
    std::ifstream file(path, std::ios::binary);
    std::string text(longest_file + 1, '\0');
    if (file)
        file.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (!file.is_open() || file.bad())
        throw ConfigError(fmt::format("cannot read {}: {}", escaped(path), std::strerror(errno)));
    text.resize(static_cast<std::size_t>(file.gcount()));
    if (text.size() > longest_file)
        throw ConfigError(
            fmt::format("{} is larger than 1 MiB; that is no configuration file of "
                        "onlooker",
                        escaped(path)));
    return text;
}

}  // namespace onlooker::app
