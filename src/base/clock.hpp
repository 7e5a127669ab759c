// The one clock of the program: it runs evenly, whatever is done to the time of day.
#pragma once

#include <chrono>

namespace onlooker {

using SteadyClock = std::chrono::steady_clock;
using SteadyTime = SteadyClock::time_point;

}  // namespace onlooker
