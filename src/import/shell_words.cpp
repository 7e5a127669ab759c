#include "import/shell_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>

#include "app/options.hpp"
#include "base/text.hpp"

namespace onlooker::importing {

namespace {

constexpr std::size_t longest_word = 4096;
constexpr std::size_t most_words = 1000;
constexpr std::string_view blanks = " \t\r\n";

bool is_blank(char c) noexcept {
    return blanks.find(c) != std::string_view::npos;
}

class Splitter {
  public:
    explicit Splitter(std::string_view text) : text_(text) {}

    std::vector<std::string> all() {
        std::vector<std::string> words;
        for (skip_gap(); place_ < text_.size(); skip_gap()) {
            if (words.size() == most_words)
                throw app::ConfigError(
                    fmt::format("there are more than {} words; that is no command line of one "
                                "program",
                                most_words));
            number_ = words.size() + 1;
            words.push_back(word());
        }
        return words;
    }

  private:
    bool at_line_start() const noexcept {
        std::size_t before = place_;
        while (before > 0 && (text_[before - 1] == ' ' || text_[before - 1] == '\t'))
            --before;
        return before == 0 || text_[before - 1] == '\n';
    }

    void skip_line() { place_ = std::min(text_.find('\n', place_), text_.size()); }

    // Where the next line begins, when nothing but blanks and a comment stands between a backslash
    // and its end.
    std::optional<std::size_t> joined_line(std::size_t backslash) const noexcept {
        const std::size_t next = text_.find_first_not_of(" \t\r", backslash + 1);
        if (next == std::string_view::npos)
            return text_.size();
        if (text_[next] == '\n')
            return next + 1;
        if (text_[next] == '#' && next > backslash + 1)
            return std::min(text_.find('\n', next), text_.size() - 1) + 1;
        return std::nullopt;
    }

    void skip_gap() {
        for (; place_ < text_.size(); ++place_) {
            const char c = text_[place_];
            if (c == '#' || (c == ';' && at_line_start())) {
                skip_line();
            } else if (c == '\\') {
                const auto next = joined_line(place_);
                if (!next)
                    return;
                place_ = *next - 1;
            } else if (!is_blank(c)) {
                return;
            }
            if (place_ == text_.size())
                return;
        }
    }

    std::string word() {
        std::string result;
        while (place_ < text_.size() && !is_blank(text_[place_])) {
            const char c = text_[place_];
            if (c == '"' || c == '\'') {
                take_quoted(result);
            } else if (c == '\\') {
                if (joined_line(place_))
                    break;
                result += text_[place_ + 1];
                place_ += 2;
            } else {
                result += c;
                ++place_;
            }
            if (result.size() > longest_word)
                throw app::ConfigError(
                    fmt::format("word {} is longer than {} octets", number_, longest_word));
        }
        return result;
    }

    void take_quoted(std::string& result) {
        const char quote = text_[place_++];
        for (; place_ < text_.size() && text_[place_] != quote; ++place_) {
            const bool escapes = quote == '"' && text_[place_] == '\\' &&
                                 place_ + 1 < text_.size() &&
                                 (text_[place_ + 1] == '"' || text_[place_ + 1] == '\\');
            if (escapes)
                ++place_;
            result += text_[place_];
        }
        if (place_ >= text_.size())
            throw app::ConfigError(
                fmt::format("word {} has a {} without a second one", number_, quote));
        ++place_;
    }

    std::string_view text_;
    std::size_t place_ = 0;
    std::size_t number_ = 0;
};

std::size_t end_of_line(std::string_view text, std::size_t place) noexcept {
    return std::min(text.find('\n', place), text.size());
}

// The line that ends at `end` is joined to the next one; comment lines may stand between the two.
bool goes_on(std::string_view text, std::size_t end) noexcept {
    const std::size_t before = end == 0 ? std::string_view::npos : text.rfind('\n', end - 1);
    const std::size_t start = before == std::string_view::npos ? 0 : before + 1;
    const std::string_view line = trimmed(text.substr(start, end - start), blanks);
    return line.ends_with('\\') || line.starts_with(';') || line.starts_with('#');
}

}  // namespace

std::vector<std::string> split_words(std::string_view text) {
    return Splitter(text).all();
}

std::string_view command_of(std::string_view text) {
    static constexpr std::string_view key = "ExecStart=";
    for (std::size_t begin = 0; begin < text.size(); begin = end_of_line(text, begin) + 1) {
        const std::size_t line = std::min(text.find_first_not_of(" \t", begin), text.size());
        if (!text.substr(line).starts_with(key))
            continue;
        const std::size_t command =
            std::min(text.find_first_not_of(" \t@-:+!|", line + key.size()), text.size());
        std::size_t end = end_of_line(text, command);
        while (end < text.size() && goes_on(text, end))
            end = end_of_line(text, end + 1);
        return text.substr(command, end - command);
    }
    return text;
}

std::vector<std::string> split_at_blanks(std::string_view text) {
    std::vector<std::string> words;
    for (std::size_t begin = text.find_first_not_of(blanks); begin != std::string_view::npos;
         begin = text.find_first_not_of(blanks, begin)) {
        const std::size_t end = std::min(text.find_first_of(blanks, begin), text.size());
        words.emplace_back(text.substr(begin, end - begin));
        begin = end;
    }
    return words;
}

}  // namespace onlooker::importing
