// The two clocks that drivers look at, so that tests can turn their hands.
#pragma once

#include <chrono>
#include <functional>

#include "base/clock.hpp"

namespace onlooker::drivers {

struct Clocks {
    std::function<std::chrono::system_clock::time_point()> wall = std::chrono::system_clock::now;
    std::function<SteadyTime()> steady = SteadyClock::now;
};

}  // namespace onlooker::drivers
