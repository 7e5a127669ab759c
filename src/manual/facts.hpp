// What the manual, the configuration file and the completions tell of a setting, out of its row in
// the table (app/settings.hpp).
//
// The files that are made of it are filled in by meson: a default that is an option of the build
// stands in them as @default_port@, and the folder of modules as @driver_dir@.
//
// Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/settings.hpp"

namespace onlooker::manual {

// The default as --help shows it; empty: none worth showing.
std::string default_of(const app::Setting& setting);

// A value to stand behind `name = ` in the configuration file: the default where that can be
// written, or else an example.
std::string value_for_file(const app::Setting& setting);

// What stands in the place of the value: "SECONDS", "true|false".
std::string placeholder_for_file(const app::Setting& setting);

// All the values it can have, where these are words; empty: it takes others.
std::vector<std::string> choices_of(const app::Setting& setting);

bool takes_file(const app::Setting& setting);
bool takes_folder(const app::Setting& setting);

// A program that runs takes a change of it up (SIGHUP) without a restart.
bool changes_while_running(const app::Setting& setting);

// The help in one line.
std::string one_line(std::string_view help);

// Its first sentence, without the full stop: for a list of completions.
std::string first_sentence(std::string_view help);

// `text` with the server's address, as this build has it, taken out for meson to fill in.
std::string without_address(std::string text);

}  // namespace onlooker::manual
