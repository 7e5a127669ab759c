// The rows of the table of settings, group by group. Only for settings.cpp.
#pragma once

#include <vector>

#include "app/settings.hpp"

namespace onlooker::app {

std::vector<Setting> camera_rows();
std::vector<Setting> recovery_rows();  // when pictures stay away
std::vector<Setting> network_rows();
std::vector<Setting> access_rows();
std::vector<Setting> limit_rows();
std::vector<Setting> program_rows();
std::vector<Setting> import_rows();

}  // namespace onlooker::app
