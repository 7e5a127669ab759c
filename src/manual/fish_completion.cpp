#include <fmt/format.h>
#include <fmt/ranges.h>

#include "manual/completion_values.hpp"
#include "manual/completions.hpp"
#include "manual/facts.hpp"

namespace onlooker::manual {

namespace {

using app::AccessCommand;
using app::Setting;
using Kind = CompletionValue::Kind;

// In single quotes.
std::string in_quotes(std::string_view text) {
    std::string result;
    for (const char c : text) {
        if (c == '\'' || c == '\\')
            result += '\\';
        result += c;
    }
    return fmt::format("'{}'", result);
}

// The options of `complete` for what follows; -x: nothing but that, -r: files, too.
std::string taken(const CompletionValue& value, std::string_view drivers) {
    // fish does not know a value that may be left out.
    if (value.kind == Kind::none || (value.is_optional && value.kind != Kind::driver))
        return {};
    switch (value.kind) {
        case Kind::file:
            return " -r -F";
        case Kind::folder:
            return " -x -a '(__fish_complete_directories)'";
        case Kind::words:
            return fmt::format(" -x -a '{}'", fmt::join(value.words, " "));
        case Kind::driver:
            return fmt::format(" -a '{}'", drivers);
        case Kind::camera:
            return fmt::format(" -x -a '{}'", drivers);
        case Kind::user:
            return " -x -a '(__fish_complete_users)'";
        case Kind::other:
        case Kind::none:
            break;
    }
    return " -x";
}

std::string bare(std::string_view option) {
    return std::string(option.substr(2));
}

}  // namespace

std::string fish_options(std::span<const Setting> settings, std::string_view drivers) {
    std::string text;
    for (const Setting& setting : settings)
        text += fmt::format("complete -c onlooker -n __onlooker_serves{} -l {}{} -d {}\n",
                            setting.name == "help" ? " -s h" : "", setting.name,
                            taken(completion_value(setting), drivers),
                            in_quotes(first_sentence(setting.help)));
    return text;
}

std::string fish_commands(const Commands& commands) {
    std::string text;
    for (const AccessCommand& family : one_of_each_family(commands))
        text += fmt::format("complete -c onlooker -n __onlooker_begins -a {} -d {}\n",
                            family_of(family), in_quotes(first_sentence(family.about)));
    for (const AccessCommand& command : commands) {
        if (!verb_of(command).empty())
            text += fmt::format("complete -c onlooker -n '__onlooker_follows {}' -a {} -d {}\n",
                                family_of(command), verb_of(command),
                                in_quotes(first_sentence(command.help)));
    }
    for (const AccessCommand& command : commands) {
        for (const AccessCommand::Option& option : command.options)
            text +=
                fmt::format("complete -c onlooker -n '__onlooker_command {}' -l {}{} -d {}\n",
                            command.words, bare(option.name), taken(completion_value(option), ""),
                            in_quotes(first_sentence(option.help)));
    }
    return text;
}

}  // namespace onlooker::manual
