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
    for (const char c : text)
        result += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return fmt::format("'{}'", result);
}

// What _arguments would take for the end of an explanation.
std::string explanation(std::string_view help) {
    std::string result;
    for (const char c : first_sentence(help)) {
        if (c == '[' || c == ']' || c == '\\')
            result += '\\';
        result += c;
    }
    return result;
}

std::string action(const CompletionValue& value) {
    switch (value.kind) {
        case Kind::file:
            return "_files";
        case Kind::folder:
            return "_files -/";
        case Kind::words:
            return fmt::format("({})", fmt::join(value.words, " "));
        case Kind::driver:
            return "_onlooker_drivers";
        case Kind::camera:
            return "_onlooker_camera";
        case Kind::user:
            return "_users";
        case Kind::other:
        case Kind::none:
            break;
    }
    return " ";
}

// "=[explanation]:SECONDS: "
std::string rest(std::string_view help, std::string_view placeholder,
                 const CompletionValue& value) {
    if (value.kind == Kind::none)
        return fmt::format("[{}]", explanation(help));
    std::string name;
    for (const char c : placeholder)
        name += c == ':' || c == '[' || c == ']' ? std::string() : std::string(1, c);
    return fmt::format("{}[{}]{}:{}:{}", value.is_optional ? "" : "=", explanation(help),
                       value.is_optional ? ":" : "", name, action(value));
}

// "1:NAME: ", "1::CAMERA: " of one that may be left out.
std::string positional(std::string_view argument) {
    const bool is_optional = argument.starts_with('[');
    if (is_optional)
        argument = argument.substr(1, argument.size() - 2);
    return fmt::format("1:{}{}: ", is_optional ? ":" : "", argument);
}

// An element of an array for _describe.
std::string described(std::string_view word, std::string_view help) {
    return in_quotes(fmt::format("{}:{}", word, first_sentence(help)));
}

}  // namespace

std::string zsh_options(std::span<const Setting> settings) {
    std::string text;
    for (const Setting& setting : settings) {
        const std::string behind =
            rest(setting.help, setting.placeholder, completion_value(setting));
        if (setting.name == "help")
            text += fmt::format("    '(- *)'{{-h,--help}}{}\n", in_quotes(behind));
        else if (setting.kind == Setting::Kind::list)
            text += fmt::format("    {}\n", in_quotes("*" + setting.option_name() + behind));
        else if (setting.kind == Setting::Kind::action && setting.placeholder.empty() &&
                 setting.name == "version")
            text += fmt::format("    {}\n", in_quotes("(- *)" + setting.option_name() + behind));
        else
            text += fmt::format("    {}\n", in_quotes(setting.option_name() + behind));
    }
    return text;
}

std::string zsh_families(const Commands& commands) {
    std::string text;
    for (const AccessCommand& command : one_of_each_family(commands))
        text += fmt::format("    {}\n", described(family_of(command), command.about));
    return text;
}

std::string zsh_verbs(const Commands& commands) {
    std::string text;
    for (const AccessCommand& family : one_of_each_family(commands)) {
        if (verb_of(family).empty())
            continue;
        text += fmt::format("    {})\n      verbs=(\n", family_of(family));
        for (const AccessCommand& command : commands)
            if (family_of(command) == family_of(family))
                text += fmt::format("        {}\n", described(verb_of(command), command.help));
        text += "      )\n      ;;\n";
    }
    return text;
}

std::string zsh_command_options(const Commands& commands) {
    std::string text;
    for (const AccessCommand& command : commands) {
        text += fmt::format("    {})\n      options=(\n", in_quotes(command.words));
        if (!command.argument.empty())
            text += fmt::format("        {}\n", in_quotes(positional(command.argument)));
        for (const AccessCommand::Option& option : command.options)
            text += fmt::format("        {}\n",
                                in_quotes(option.name + rest(option.help, option.placeholder,
                                                             completion_value(option))));
        text += "      )\n      ;;\n";
    }
    return text;
}

}  // namespace onlooker::manual
