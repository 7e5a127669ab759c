// The options of other programs as tables: one row says how an option is called there, whether it
// takes a value, and what becomes of it here.
//
// Pure; any thread. Errors: ConfigError, which names the option.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "import/draft.hpp"

namespace onlooker::importing {

using Rule = std::function<void(Draft&, const Given&)>;

struct PeerOption {
    enum class Takes : unsigned char { nothing, value, value_or_default };

    std::string_view names;  // "d device": a letter, long ones, or both, with blanks between
    Takes takes = Takes::value;
    Rule rule;
    std::string_view default_value{};  // where the option may stand alone
};

// How a program reads its command line.
enum class Syntax : unsigned char {
    letters_and_words,  // getopt_long: -d X, -dX, -nt, --device X, --device=X, --dev X
    words,              // getopt_long_only: -device X, --device X, -device=X, -dev X
    joined_words,       // --camera-width=X; one dash or two, and no value behind a blank
};

// Applies each option's rule in the order of the words. Unknown words become remarks.
void read_options(const std::vector<std::string>& words, std::span<const PeerOption> options,
                  Syntax syntax, Draft& draft);

// One of its names is `name`.
bool has_name(const PeerOption& option, std::string_view name);

// The row that `name` names, or that it is the beginning of, if of one alone; else nullptr.
const PeerOption* find_option(std::span<const PeerOption> options, std::string_view name);

}  // namespace onlooker::importing
