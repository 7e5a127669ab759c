// One function for each program whose configuration can be imported. They return the text of a
// configuration file.
//
// Pure, but that import_motion reads the files that its text names. Errors: ConfigError.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace onlooker::importing {

// `words` are without the program's name.
std::string import_ustreamer(const std::vector<std::string>& words);
std::string import_mjpg_streamer(const std::vector<std::string>& words);
std::string import_camera_streamer(const std::vector<std::string>& words);

// The text of motion.conf.
std::string import_motion(std::string_view text);

}  // namespace onlooker::importing
