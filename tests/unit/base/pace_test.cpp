#include "base/pace.hpp"

#include <doctest/doctest.h>

#include <chrono>

using onlooker::Pace;
using namespace std::chrono_literals;

namespace {

// How many of 300 frames pass that come `step` apart, every other one `jitter` early.
int passed(double rate, std::chrono::microseconds step, std::chrono::microseconds jitter = 0us,
           Pace::Early early = Pace::Early::quarter) {
    Pace pace(rate, Pace::Second::waits, early);
    int count = 0;
    for (int i = 0; i < 300; ++i) {
        const onlooker::SteadyTime time =
            onlooker::SteadyTime{100s} + i * step - (i % 2 == 1 ? jitter : 0us);
        count += pace.lets_through(time) ? 1 : 0;
    }
    return count;
}

}  // namespace

TEST_SUITE("pace") {
    TEST_CASE("no rate lets every frame through") {
        CHECK(passed(0, 33333us) == 300);
    }

    TEST_CASE("a rate that is met loses no frame, though some come early") {
        CHECK(passed(30, 33333us) == 300);
        CHECK(passed(30, 33333us, 8000us) == 300);
    }

    TEST_CASE("a lower rate is met in the mean") {
        CHECK(passed(10, 33333us) == 100);
        CHECK(passed(20, 33333us) == 200);
        CHECK(passed(25, 33333us) == 250);
    }

    TEST_CASE("half an interval early loses none that jitter more, and still meets a lower rate") {
        CHECK(passed(30, 33333us, 14000us) < 300);
        CHECK(passed(30, 33333us, 14000us, Pace::Early::half) == 300);
        CHECK(passed(20, 33333us, 0us, Pace::Early::half) == 200);
    }

    TEST_CASE("whoever asks when the next is wanted, and says what passed, keeps the same time") {
        Pace pace(10);
        pace.passed(onlooker::SteadyTime{100s});
        CHECK(pace.opens() == onlooker::SteadyTime{100s + 75ms});
        CHECK_FALSE(pace.lets_through(onlooker::SteadyTime{100s + 74ms}));
        CHECK(pace.lets_through(onlooker::SteadyTime{100s + 75ms}));
    }

    TEST_CASE("the second frame waits for its time, as every other does") {
        Pace pace(10);
        CHECK(pace.lets_through(onlooker::SteadyTime{100s}));
        CHECK_FALSE(pace.lets_through(onlooker::SteadyTime{100s + 20ms}));
    }

    TEST_CASE("the second frame passes at once where that is wanted, the third waits") {
        Pace pace(10, Pace::Second::passes);
        CHECK(pace.lets_through(onlooker::SteadyTime{100s}));
        CHECK(pace.lets_through(onlooker::SteadyTime{100s + 2ms}));
        CHECK_FALSE(pace.lets_through(onlooker::SteadyTime{100s + 20ms}));
        CHECK(pace.lets_through(onlooker::SteadyTime{100s + 102ms}));
    }

    TEST_CASE("after a pause nothing is caught up") {
        Pace pace(10);
        CHECK(pace.lets_through(onlooker::SteadyTime{100s}));
        CHECK(pace.lets_through(onlooker::SteadyTime{200s}));
        CHECK_FALSE(pace.lets_through(onlooker::SteadyTime{200s + 20ms}));
    }
}
