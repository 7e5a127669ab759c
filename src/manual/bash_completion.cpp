#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "manual/completion_values.hpp"
#include "manual/completions.hpp"

namespace onlooker::manual {

namespace {

using app::Setting;
using Kind = CompletionValue::Kind;

constexpr std::size_t widest = 100;

// The words in lines, with `between` them, and behind each line's last where another follows.
std::string in_lines(const std::vector<std::string>& words, std::string_view between,
                     std::string_view line_end, std::size_t indent) {
    std::string lines(indent, ' ');
    std::size_t column = indent;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (i > 0 && column + between.size() + words[i].size() + line_end.size() > widest) {
            lines += fmt::format("{}\n{}", line_end, std::string(indent, ' '));
            column = indent;
        } else if (i > 0) {
            lines += between;
            column += between.size();
        }
        lines += words[i];
        column += words[i].size();
    }
    return lines;
}

// The commands that offer a value.
std::string offer(const CompletionValue& value) {
    switch (value.kind) {
        case Kind::file:
            return "_filedir";
        case Kind::folder:
            return "_filedir -d";
        case Kind::words:
            return fmt::format("_onlooker_words {}", fmt::join(value.words, " "));
        case Kind::driver:
            return "_onlooker_words \"${drivers[@]}\"";
        case Kind::camera:
            return "_onlooker_camera";
        case Kind::user:
            return "_onlooker_words \"$(compgen -u)\"";
        case Kind::other:
        case Kind::none:
            break;
    }
    return {};
}

std::vector<std::string> names_of(const Setting& setting) {
    std::vector<std::string> names{setting.option_name()};
    if (setting.name == "help")
        names.emplace_back("-h");
    return names;
}

std::string in_quotes(std::string_view words) {
    return fmt::format("'{}'", words);
}

}  // namespace

std::string bash_values(std::span<const Setting> settings) {
    // By what is to be done, in the order of the table.
    std::vector<std::pair<std::string, std::vector<std::string>>> arms;
    for (const Setting& setting : settings) {
        const CompletionValue value = completion_value(setting);
        if (value.kind == Kind::none)
            continue;
        std::string doing = offer(value);
        doing += doing.empty() ? "return" : "\n            return";
        // Another option may follow instead.
        if (value.is_optional)
            doing = fmt::format("[[ $cur == -* ]] || {{ {}; return; }}", offer(value));
        auto arm = std::ranges::find(arms, doing, [](const auto& each) { return each.first; });
        if (arm == arms.end())
            arm = arms.insert(arms.end(), {doing, {}});
        for (std::string& name : names_of(setting))
            arm->second.push_back(std::move(name));
    }
    std::string text;
    for (const auto& [doing, names] : arms)
        text += fmt::format("{})\n            {}\n            ;;\n",
                            in_lines(names, " | ", " | \\", 8), doing);
    return text;
}

std::string bash_options(std::span<const Setting> settings) {
    std::vector<std::string> names;
    for (const Setting& setting : settings)
        names.push_back(setting.option_name());
    return in_lines(names, " ", "", 8) + '\n';
}

std::string bash_verbs(const Commands& commands) {
    std::string text;
    for (const app::AccessCommand& family : one_of_each_family(commands)) {
        std::vector<std::string> verbs;
        for (const app::AccessCommand& command : commands)
            if (family_of(command) == family_of(family) && !verb_of(command).empty())
                verbs.push_back(verb_of(command));
        text += fmt::format("        [{}]={}\n", family_of(family),
                            in_quotes(fmt::format("{}", fmt::join(verbs, " "))));
    }
    return text;
}

std::string bash_command_options(const Commands& commands) {
    std::string text;
    for (const app::AccessCommand& command : commands) {
        std::string names;
        for (const app::AccessCommand::Option& option : command.options)
            names += option.name + " ";
        text +=
            fmt::format("        [{}]={}\n", in_quotes(command.words), in_quotes(names + "--help"));
    }
    return text;
}

}  // namespace onlooker::manual
