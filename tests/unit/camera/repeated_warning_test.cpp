#include "camera/repeated_warning.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>

#include "base/clock.hpp"
#include "support/logged.hpp"

using onlooker::SteadyTime;
using onlooker::camera::RepeatedWarning;
using onlooker::test::Logged;
using namespace std::chrono_literals;

TEST_SUITE("a repeated warning") {
    TEST_CASE("what is said each second is written once, and as a reminder after ten minutes") {
        RepeatedWarning warning;
        int written = 0;
        for (auto now = SteadyTime{1000s}; now < SteadyTime{1000s + 15min}; now += 1s)
            written += warning.admit("cut short", now) ? 1 : 0;
        CHECK(written == 2);
    }

    TEST_CASE("the reminder knows how many were left out") {
        RepeatedWarning warning;
        const SteadyTime begin{1000s};
        CHECK(warning.admit("cut short", begin) == 0);
        CHECK_FALSE(warning.admit("cut short", begin + 1s));
        CHECK_FALSE(warning.admit("cut short", begin + 2s));
        CHECK(warning.admit("cut short", begin + 10min) == 2);
    }

    TEST_CASE("a line is whole where what to do stands behind a long URL, and has a limit") {
        const Logged log;
        RepeatedWarning warning;
        const std::string long_one = "http://far/" + std::string(300, 'x') + " is busy; wait";
        warning.write("far", long_one, SteadyTime{1000s});
        warning.write("far", std::string(5000, 'y'), SteadyTime{1001s});
        CHECK(log.lines().at(0) == "camera far: " + long_one);
        CHECK(log.lines().at(1).size() < 600);
    }

    TEST_CASE("another one is written at once, and two that alternate are no news") {
        RepeatedWarning warning;
        int written = 0;
        for (int second = 0; second < 100; ++second)
            written += warning.admit(second % 2 == 0 ? "cut short" : "no start",
                                     SteadyTime{1000s + second * 1s})
                           ? 1
                           : 0;
        CHECK(written == 2);
    }

    TEST_CASE("lines that are different each time are a few at once, and then one a minute") {
        RepeatedWarning warning;
        int written = 0;
        for (int second = 0; second < 600; ++second)
            written +=
                warning.admit(std::to_string(second), SteadyTime{1000s + second * 1s}) ? 1 : 0;
        CHECK(written >= 10);
        CHECK(written <= 16);
    }
}
