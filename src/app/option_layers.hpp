// What each source of settings says, before it is applied: a layer of the command line, one of the
// environment, one of the file, of which the stronger is laid over the weaker (load_options).
//
// Pure functions, but that file_layer reads the file. Any thread. All throw ConfigError, which
// names the option, the variable, or the file and the line.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/options.hpp"
#include "app/settings.hpp"

namespace onlooker::app {

// What one source says about one setting.
struct Entry {
    const Setting* setting = nullptr;
    std::vector<std::string> values;
    std::string place;                  // "--port", "ONLOOKER_PORT", "onlooker.conf:3: port"
    std::vector<std::string> places{};  // of each value, where they differ: the lines of a list
};

using Layer = std::vector<Entry>;

// `arguments` are without the program's name.
Layer command_line_layer(const std::vector<std::string>& arguments);

// CAMERA, as in the article, is weaker than ONLOOKER_CAMERA. An empty variable is no variable.
Layer environment_layer(const Environment& environment);

Layer file_layer(const std::string& file);

// Settings that the layer does not name stay as they are.
void lay_over(Options& options, const Layer& layer);

// What is misspelt is refused, as on the command line and in the file. Other names are no error,
// because others write such too: Kubernetes sets ONLOOKER_PORT_80_TCP in every container when a
// service is named onlooker, and images set ONLOOKER_VERSION. Those are warnings of the options.
void check_unknown_variables(Options& options, const Environment& environment);

// Its value; empty: it is not set, or empty.
std::string_view variable(const Environment& environment, const std::string& name);

}  // namespace onlooker::app
