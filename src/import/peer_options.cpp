#include "import/peer_options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <optional>

#include "app/options.hpp"
#include "base/text.hpp"
#include "import/shell_words.hpp"

namespace onlooker::importing {

namespace {

constexpr const char* unknown = "onlooker does not know this; it was left out.";

bool has_beginning(const PeerOption& option, std::string_view beginning) {
    return std::ranges::any_of(split_at_blanks(option.names), [&](const std::string& own) {
        return own.size() > 1 && own.starts_with(beginning);
    });
}

class Reader {
  public:
    Reader(const std::vector<std::string>& words, std::span<const PeerOption> options,
           Syntax syntax, Draft& draft)
        : words_(words), options_(options), syntax_(syntax), draft_(draft) {}

    void read() {
        while (next_ < words_.size()) {
            const std::string& word = words_[next_++];
            const bool is_option = word.size() > 1 && word.front() == '-' && word != "--";
            // It may be a piece of a password that no quotes held together: it is not repeated.
            if (!is_option)
                draft_.remark(fmt::format("word {}", next_), unknown);
            else if (syntax_ == Syntax::letters_and_words && word[1] != '-')
                read_letters(word);
            else
                read_word(word);
        }
    }

  private:
    void read_word(const std::string& word) {
        const std::size_t equals = std::min(word.find('='), word.size());
        const std::string shown = word.substr(0, equals);
        const PeerOption* option =
            find_option(options_, std::string_view(shown).substr(shown.starts_with("--") ? 2 : 1));
        if (option == nullptr)
            return draft_.remark(readable(shown, 60), unknown);
        std::optional<std::string> value;
        if (equals < word.size())
            value = word.substr(equals + 1);
        apply(*option, shown, std::move(value));
    }

    // -n, -d X, -dX, and several that take nothing in one word.
    void read_letters(const std::string& word) {
        for (std::size_t i = 1; i < word.size(); ++i) {
            const std::string shown{'-', word[i]};
            const PeerOption* option = find_option(options_, word.substr(i, 1));
            if (option == nullptr)
                return draft_.remark(readable(shown), unknown);
            const std::string rest = word.substr(i + 1);
            const bool ends = option->takes == PeerOption::Takes::value && !rest.empty();
            apply(*option, shown, ends ? std::optional(rest) : std::nullopt);
            if (option->takes == PeerOption::Takes::value)
                return;
        }
    }

    void apply(const PeerOption& option, const std::string& shown,
               std::optional<std::string> value) {
        using Takes = PeerOption::Takes;
        if (!value && option.takes == Takes::value_or_default)
            value = option.default_value;
        if (!value && option.takes == Takes::value && syntax_ != Syntax::joined_words &&
            next_ < words_.size())
            value = words_[next_++];
        if (!value && option.takes == Takes::value)
            throw app::ConfigError(fmt::format("{} needs a value behind it", escaped(shown, 60)));
        option.rule(draft_, {shown, value.value_or("")});
    }

    const std::vector<std::string>& words_;
    std::span<const PeerOption> options_;
    Syntax syntax_;
    Draft& draft_;
    std::size_t next_ = 0;
};

}  // namespace

bool has_name(const PeerOption& option, std::string_view name) {
    return std::ranges::any_of(split_at_blanks(option.names),
                               [&](const std::string& own) { return own == name; });
}

const PeerOption* find_option(std::span<const PeerOption> options, std::string_view name) {
    const auto exact = std::ranges::find_if(
        options, [&](const PeerOption& option) { return has_name(option, name); });
    if (exact != options.end())
        return &*exact;
    const PeerOption* found = nullptr;
    for (const PeerOption& option : options) {
        if (name.size() < 2 || !has_beginning(option, name))
            continue;
        if (found != nullptr)
            return nullptr;
        found = &option;
    }
    return found;
}

void read_options(const std::vector<std::string>& words, std::span<const PeerOption> options,
                  Syntax syntax, Draft& draft) {
    Reader(words, options, syntax, draft).read();
}

}  // namespace onlooker::importing
