// The input plugins of mjpg-streamer: each becomes a camera.
//
// Pure; any thread. Errors: ConfigError.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "import/draft.hpp"

namespace onlooker::importing {

// "./input_uvc.so" -> "input_uvc".
std::string plugin_name(std::string_view word);

// `words` begin with the plugin's name.
void import_mjpg_input(const std::vector<std::string>& words, Draft& draft);

}  // namespace onlooker::importing
