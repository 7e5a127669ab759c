#include "libcamera/pacing.hpp"

#include <doctest/doctest.h>

#include <cstdint>

using namespace std::chrono_literals;
using namespace onlooker::drivers::libcamera_driver;

namespace {

// How many of the pictures of a source pass in ten seconds.
int passed(double source_rate, double wanted_rate, std::chrono::microseconds jitter = 0us) {
    auto limit = pace_of(wanted_rate);
    const auto start = onlooker::SteadyTime{} + 24h;
    int count = 0;
    for (int i = 0; i < static_cast<int>(10 * source_rate); ++i) {
        auto time = start + std::chrono::duration_cast<onlooker::SteadyClock::duration>(
                                std::chrono::duration<double>(i / source_rate));
        time += i % 2 == 0 ? jitter : -jitter;
        if (time < limit.opens())
            continue;
        limit.passed(time);
        ++count;
    }
    return count;
}

std::uint64_t stamp(onlooker::SteadyTime time) {
    return static_cast<std::uint64_t>(std::chrono::nanoseconds(time.time_since_epoch()).count());
}

}  // namespace

TEST_SUITE("libcamera pacing") {
    TEST_CASE("a rate that the source has loses nothing, however it jitters") {
        CHECK(passed(30, 30) == 300);
        CHECK(passed(30, 30, 7ms) == 300);
        CHECK(passed(60, 60, 3ms) == 600);
        CHECK(passed(30, 0) == 300);
    }

    TEST_CASE("a lower rate is kept on the whole, also where it does not divide") {
        CHECK(passed(30, 10) == doctest::Approx(100).epsilon(0.02));
        CHECK(passed(30, 25) == doctest::Approx(250).epsilon(0.02));
        CHECK(passed(30, 20) == doctest::Approx(200).epsilon(0.02));
        CHECK(passed(5000, 30) == doctest::Approx(300).epsilon(0.02));
        CHECK(passed(30, 1) == doctest::Approx(10).epsilon(0.11));
    }

    TEST_CASE("after a pause the rate starts anew instead of making up for it") {
        auto limit = pace_of(10);
        auto time = onlooker::SteadyTime{} + 24h;
        limit.passed(time);
        time += 10s;
        limit.passed(time);
        CHECK(limit.opens() > time);
        CHECK(limit.opens() <= time + 100ms);
    }

    TEST_CASE("a picture may wait for two pictures' time, and for 50 ms at the least") {
        CHECK(oldest_picture(10) == 200ms);
        CHECK(oldest_picture(120) == 50ms);
        CHECK(oldest_picture(0) == 50ms);
    }

    TEST_CASE("a camera may be silent for five pictures, and two seconds at the least") {
        CHECK(silence_limit(30, 0us) == 2000ms);
        CHECK(silence_limit(0, 0us) == 2000ms);
        CHECK(silence_limit(0.5, 0us) == 10s);
        CHECK(silence_limit(30, 6s) == 30s);
        CHECK(silence_limit(1e-300, 0us) == 3600s);
    }

    TEST_CASE("a stamp is taken from either clock, when it is just past") {
        const auto now = onlooker::SteadyTime{} + 5h;
        const auto ahead = 90min;
        CHECK(capture_time(stamp(now - 20ms), now, ahead) == now - 20ms);
        CHECK(capture_time(stamp(now - 20ms + ahead), now, ahead) == now - 20ms);
        CHECK(capture_time(stamp(now), now, 0ns) == now);
    }

    TEST_CASE("a stamp that makes no sense is none") {
        const auto now = onlooker::SteadyTime{} + 5h;
        for (const std::uint64_t wrong : {std::uint64_t{0}, std::uint64_t{1}, stamp(now + 1ms),
                                          stamp(now - 2s), UINT64_MAX, std::uint64_t{INT64_MAX}})
            CHECK_FALSE(capture_time(wrong, now, 90min));
    }
}
