// The command line, read by CLI11, and its --help.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/settings.hpp"

namespace onlooker::app {

// What was written for each setting, in the order of the table; values are not looked at. Throws
// ConfigError for an unknown option, a missing value and a stray word.
std::vector<std::pair<const Setting*, std::vector<std::string>>> read_command_line(
    const std::vector<std::string>& arguments);

struct Example {
    std::string_view command;
    std::string_view meaning;
};

// Command lines to begin with, as --help and the manual show them.
std::span<const Example> examples();

// The text of --help, at most 100 columns wide. `drivers` are lines "name: summary".
std::string help_text(const std::vector<std::pair<std::string, std::string>>& drivers);

}  // namespace onlooker::app
