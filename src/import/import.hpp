// The configuration of another camera server, made into one of ours: --import-ustreamer and the
// like. What it prints says in comments what has no counterpart.
//
// Called from main, before there is a loop. Reads standard input where the user wrote '-', and with
// Motion the files that are named; nothing else. Errors: ConfigError.
#pragma once

#include <istream>
#include <string>

#include "app/options.hpp"

namespace onlooker::importing {

// `source` is the command line of the program, or '-' for what `input` holds: it, or the unit that
// starts it. Of Motion: a file, its text, or '-'.
std::string import_configuration(app::Peer peer, const std::string& source, std::istream& input);

}  // namespace onlooker::importing
