// The configuration file that is installed: every setting with what it does, commented out.
//
// Pure; any thread.
#pragma once

#include <span>
#include <string>

#include "app/settings.hpp"

namespace onlooker::manual {

std::string configuration(std::span<const app::Setting> settings);

}  // namespace onlooker::manual
