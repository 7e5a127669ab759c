// One camera of Motion's, of the lines that say where its pictures come from and how they are
// shown.
//
// Pure; any thread. Errors: ConfigError.
#pragma once

#include <string_view>
#include <vector>

#include "import/draft.hpp"

namespace onlooker::importing {

// What stands in the file of all cameras holds for each, unless its own file, behind it in `lines`,
// says otherwise.
void import_motion_camera(const std::vector<Given>& lines, Draft& draft);

bool is_motion_camera_line(std::string_view word);

// The line of that name that counts; nullptr: there is none.
const Given* last_of(const std::vector<Given>& lines, std::string_view name);

}  // namespace onlooker::importing
