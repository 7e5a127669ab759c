#include "camera/frame_rate.hpp"

#include <doctest/doctest.h>

#include <chrono>

using onlooker::camera::FrameRate;
using namespace std::chrono_literals;

namespace {

// `count` frames, the first one at `time`; gives the time of the last one.
onlooker::SteadyTime frames(FrameRate& rate, onlooker::SteadyTime time,
                            std::chrono::milliseconds apart, int count) {
    for (int i = 0; i < count; ++i)
        rate.frame(time + i * apart);
    return time + (count - 1) * apart;
}

}  // namespace

TEST_SUITE("frame rate") {
    TEST_CASE("a steady rate is told, and nothing before there was a second of it") {
        FrameRate rate;
        CHECK(rate.at(onlooker::SteadyTime{100s}) == 0);
        auto now = frames(rate, onlooker::SteadyTime{100s}, 40ms, 25);
        CHECK(rate.at(now) == 0);
        now = frames(rate, now + 40ms, 40ms, 100);
        CHECK(rate.at(now + 20ms) == doctest::Approx(25));
    }

    TEST_CASE("a slow rate is told as it is") {
        FrameRate rate;
        const auto now = frames(rate, onlooker::SteadyTime{100s}, 5000ms, 3);
        CHECK(rate.at(now) == doctest::Approx(0.2));
        CHECK(rate.at(now + 4s) == doctest::Approx(0.2));
    }

    TEST_CASE("when no more frames come, the rate sinks") {
        FrameRate rate;
        const auto now = frames(rate, onlooker::SteadyTime{100s}, 40ms, 200);
        CHECK(rate.at(now + 10s) < 3);
        CHECK(rate.at(now + 1h) < 0.01);
    }

    TEST_CASE("a pause counts as one, not as a rate of the frames before it") {
        FrameRate rate;
        auto now = frames(rate, onlooker::SteadyTime{100s}, 40ms, 200);
        now = frames(rate, now + 1h, 40ms, 60);
        CHECK(rate.at(now) == doctest::Approx(25));
    }
}
