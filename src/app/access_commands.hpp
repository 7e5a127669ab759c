// The commands that change who may come in: onlooker user, token, link and key. What they do is in
// access/edits.hpp.
//
// Called from main, before there is a loop.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "access/edits.hpp"

namespace onlooker::app {

// One of these commands, as the manual and the completions tell it.
struct AccessCommand {
    struct Option {
        std::string name;         // "--users"
        std::string placeholder;  // "FILE"; empty: it stands alone
        std::string help;
    };
    std::string words;     // "user add"
    std::string about;     // what "user" is for
    std::string argument;  // "NAME", "[CAMERA]"; empty: it takes none
    std::string help;
    std::vector<Option> options;
};

// All of them, in the order of their --help.
std::vector<AccessCommand> access_commands();

// True for the first word of one of these commands.
bool is_access_command(std::string_view word) noexcept;

// `arguments` begin with that word; `file` is that of the environment, which --users replaces. Also
// answers --help. Throws ConfigError for a command line that cannot be used, and what the edits
// throw.
access::Said run_access_command(const std::vector<std::string>& arguments, const std::string& file,
                                const access::AskPassword& ask);

}  // namespace onlooker::app
