// The two clocks that drivers look at, so that tests can turn their hands.
#pragma once

#include <chrono>
#include <functional>

namespace onlooker::drivers {

struct Clocks {
    std::function<std::chrono::system_clock::time_point()> wall = std::chrono::system_clock::now;
    std::function<std::chrono::steady_clock::time_point()> steady = std::chrono::steady_clock::now;
};

}  // namespace onlooker::drivers
