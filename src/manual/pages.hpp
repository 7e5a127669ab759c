// The regions of the manual pages in docs/man (regions.hpp), from what the program says of itself.
//
// Pure; any thread.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "app/access_commands.hpp"
#include "app/command_line.hpp"
#include "app/settings.hpp"
#include "camera/driver.hpp"

namespace onlooker::manual {

// onlooker(1): the options of the command line, below a heading for each group.
std::string option_entries(std::span<const app::Setting> settings);

// onlooker(1): `onlooker user add NAME ...`, and what their options mean.
std::string command_entries(const std::vector<app::AccessCommand>& commands);
std::string command_option_entries(const std::vector<app::AccessCommand>& commands);

std::string example_entries(std::span<const app::Example> examples);

// onlooker.conf(5): what may stand in the file.
std::string setting_entries(std::span<const app::Setting> settings);

// onlooker-drivers(7): all but the heading.
std::string driver_section(const camera::DriverEntry& driver);

}  // namespace onlooker::manual
