// How soon a driver stops, at more moments than those of its contract.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.hpp"
#include "camera/driver.hpp"
#include "tests/support/driver_contract.hpp"
#include "tests/support/fake_capture_context.hpp"

namespace onlooker::test {

// Starts the driver and asks it to stop after `moment`; how long that takes.
inline std::chrono::milliseconds stop_time(camera::Driver& driver,
                                           std::chrono::milliseconds moment) {
    FakeCaptureContext context;
    SteadyTime asked{};
    std::jthread stopper([&] {
        std::this_thread::sleep_for(moment);
        asked = SteadyClock::now();
        context.request_stop();
    });
    try {
        auto pictures = driver.frames(context);
        while (pictures.next() != nullptr) {
        }
    } catch (const camera::CameraError& error) {
        MESSAGE("ended by itself: " << std::string(error.what()));
        stopper.join();
        return {};
    }
    const auto ended = SteadyClock::now();
    stopper.join();
    return std::chrono::ceil<std::chrono::milliseconds>(ended - asked);
}

// Stops it so many times, at moments spread over its start and its first pictures.
inline void check_stop_times(camera::Driver& driver, std::size_t times) {
    using namespace std::chrono_literals;
    std::vector<std::chrono::milliseconds> all;
    for (std::size_t i = 0; i < times; ++i)
        all.push_back(stop_time(driver, i * 37 % 400 * 1ms));
    std::ranges::sort(all);
    MESSAGE(times << " stops: median " << all[times / 2].count() << " ms, nine in ten within "
                  << all[times * 9 / 10].count() << " ms, slowest " << all.back().count() << " ms");
    CHECK(all.back() < contract::longest_stop);
}

}  // namespace onlooker::test
