#include "manual/completion_values.hpp"

#include <algorithm>
#include <string_view>

#include "manual/facts.hpp"

namespace onlooker::manual {

using app::AccessCommand;
using app::Setting;
using Kind = CompletionValue::Kind;

CompletionValue completion_value(const Setting& setting) {
    CompletionValue value;
    value.is_optional = setting.placeholder.starts_with('[') && setting.placeholder.ends_with(']');
    if (setting.placeholder.empty())
        return value;
    value.words = choices_of(setting);
    if (!value.words.empty())
        value.kind = Kind::words;
    else if (takes_file(setting))
        value.kind = Kind::file;
    else if (takes_folder(setting))
        value.kind = Kind::folder;
    else if (setting.name == "camera")
        value.kind = Kind::camera;
    else if (setting.name == "help")
        value.kind = Kind::driver;
    else if (setting.name == "user")
        value.kind = Kind::user;
    else
        value.kind = Kind::other;
    return value;
}

CompletionValue completion_value(const AccessCommand::Option& option) {
    if (option.placeholder.empty())
        return {};
    if (option.placeholder == "FILE")
        return {.kind = Kind::file};
    if (option.placeholder == "SCOPES")
        return {.kind = Kind::words, .words = {"view", "push", "control", "admin"}};
    return {.kind = Kind::other};
}

std::string family_of(const AccessCommand& command) {
    return command.words.substr(0, command.words.find(' '));
}

std::string verb_of(const AccessCommand& command) {
    const std::size_t blank = command.words.find(' ');
    return blank == std::string::npos ? std::string() : command.words.substr(blank + 1);
}

std::vector<AccessCommand> one_of_each_family(const std::vector<AccessCommand>& commands) {
    std::vector<AccessCommand> first;
    for (const AccessCommand& command : commands) {
        if (first.empty() || family_of(first.back()) != family_of(command))
            first.push_back(command);
    }
    return first;
}

}  // namespace onlooker::manual
