// How soon a driver stops, whenever it is asked to.
//
// The promise is 200 ms at any moment. It is kept to the letter with the virtual cameras, which run
// at full speed (virtual_test.cpp). The machine in which the kernel's cameras are played is many
// times slower than a real one, and shared: there it is the median that is held to the promise, and
// the slowest stop to a multiple of it.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <string>
#include <thread>
#include <vector>

#include "camera/driver.hpp"
#include "tests/support/fake_capture_context.hpp"

namespace onlooker::test {

constexpr std::chrono::milliseconds promised_stop{200};
constexpr std::chrono::milliseconds slowest_emulated_stop{1500};

// Starts the driver and asks it to stop after `moment`; how long that takes.
inline std::chrono::milliseconds stop_time(camera::Driver& driver,
                                           std::chrono::milliseconds moment) {
    using Clock = std::chrono::steady_clock;
    FakeCaptureContext context;
    Clock::time_point asked{};
    std::jthread stopper([&] {
        std::this_thread::sleep_for(moment);
        asked = Clock::now();
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
    const auto ended = Clock::now();
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
    const auto median = all[times / 2];
    MESSAGE(times << " stops: median " << median.count() << " ms, nine in ten within "
                  << all[times * 9 / 10].count() << " ms, slowest " << all.back().count() << " ms");
    CHECK(median < promised_stop);
    CHECK(all.back() < slowest_emulated_stop);
}

}  // namespace onlooker::test
