// The time in another zone than that of this machine, with cctz, because localtime() knows one zone
// for the whole process. Thread: any.
#pragma once

#include <cstdint>
#include <ctime>
#include <string>

namespace onlooker::overlay_module {

// False: there is no such zone. Zones that were loaded once stay in memory.
bool local_time(const std::string& zone, std::int64_t second, std::tm& time);

}  // namespace onlooker::overlay_module
