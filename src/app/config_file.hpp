// The configuration file: a subset of TOML and INI that needs no manual. Any thread.
//
//     # The printer's bed.
//     port   = 8080
//     public = true
//     camera = bed=v4l2:/dev/video0,size=1280x720,fps=30
//     camera = "esp=relay:http://192.0.2.7:81/stream"    # quotes are optional
//     allow-origin = [http://mainsail.local,
//                     "http://fluidd.local"]
//
// Names are those of the command line. This replaces CLI11's own reader, whose errors do not name
// the line and which takes a comma in a camera for a list.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace onlooker::app {

struct ConfigLine {
    std::string key;
    std::vector<std::string> values;  // one, or those of a [list]
    bool is_list = false;
    std::size_t line = 0;  // counted from 1
};

// Throws ConfigError that names `file` and the line.
std::vector<ConfigLine> parse_config(std::string_view text, std::string_view file);

// Reads the whole file, up to 1 MiB; throws ConfigError.
std::string read_config_file(const std::string& path);

}  // namespace onlooker::app
