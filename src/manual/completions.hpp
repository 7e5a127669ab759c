// The regions of the completions in packaging/completions (regions.hpp), for three shells.
//
// Pure; any thread.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/access_commands.hpp"
#include "app/settings.hpp"

namespace onlooker::manual {

using Commands = std::vector<app::AccessCommand>;

// What the word of an option is followed by, as arms of a `case`.
std::string bash_values(std::span<const app::Setting> settings);
// Elements of arrays: all options; the words behind `user` and its like; the options of those.
std::string bash_options(std::span<const app::Setting> settings);
std::string bash_verbs(const Commands& commands);
std::string bash_command_options(const Commands& commands);

// Arguments of _arguments.
std::string zsh_options(std::span<const app::Setting> settings);
// Arguments of _describe: `user` and its like; and as arms of a `case` the words behind these.
std::string zsh_families(const Commands& commands);
std::string zsh_verbs(const Commands& commands);
// Arguments of _arguments, as arms of a `case`.
std::string zsh_command_options(const Commands& commands);

// Lines `complete`.
std::string fish_options(std::span<const app::Setting> settings, std::string_view drivers);
std::string fish_commands(const Commands& commands);

}  // namespace onlooker::manual
