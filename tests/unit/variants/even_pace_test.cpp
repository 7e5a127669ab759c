// Fewer frames of a source, evenly: by hand, frame by frame.
#include "variants/even_pace.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <vector>

#include "base/clock.hpp"

using namespace onlooker;
using namespace onlooker::variants;
using namespace std::chrono_literals;
using Milliseconds = std::chrono::duration<double, std::milli>;

namespace {

// A source whose frames come at their times, and a timer that is on time.
struct Source {
    double rate = 30;
    double known_rate = 30;              // what is told of it
    SteadyClock::duration jitter{};      // every other frame is so much late
    std::vector<std::size_t> lost = {};  // frames that do not come
    SteadyTime begin = SteadyTime(1'000s);

    SteadyTime time_of(std::size_t number) const {
        const auto even = std::chrono::duration_cast<SteadyClock::duration>(
            std::chrono::duration<double>(static_cast<double>(number) / rate));
        return begin + even + (number % 2 == 1 ? jitter : SteadyClock::duration::zero());
    }
};

// When frames are shown of the first `count` of the source.
std::vector<SteadyTime> shown(EvenPace& pace, const Source& source, std::size_t count) {
    std::vector<SteadyTime> times;
    for (std::size_t number = 0; number < count; ++number) {
        if (std::ranges::count(source.lost, number) > 0)
            continue;
        const SteadyTime came = source.time_of(number);
        while (pace.due() && *pace.due() <= came) {
            const SteadyTime due = *pace.due();
            if (pace.on_time(due))
                times.push_back(due);
        }
        if (pace.on_frame(came, source.known_rate))
            times.push_back(came);
    }
    return times;
}

double rate_of(const std::vector<SteadyTime>& times) {
    REQUIRE(times.size() > 2);
    const std::chrono::duration<double> all = times.back() - times.front();
    return static_cast<double>(times.size() - 1) / all.count();
}

// The largest difference of a gap from the even one.
Milliseconds unevenness(const std::vector<SteadyTime>& times) {
    const Milliseconds even(1000 / rate_of(times));
    Milliseconds largest{};
    for (std::size_t i = 1; i < times.size(); ++i)
        largest = std::max(largest, std::chrono::abs(Milliseconds(times[i] - times[i - 1]) - even));
    return largest;
}

}  // namespace

TEST_SUITE("even pace") {
    TEST_CASE("ten of thirty are every third frame, and no timer is needed") {
        EvenPace pace(10);
        const Source source;
        const auto times = shown(pace, source, 300);
        CHECK(times.size() == 100);
        for (std::size_t i = 0; i < times.size(); ++i)
            CHECK(times[i] == source.time_of(3 * i));
        CHECK_FALSE(pace.due());
    }

    TEST_CASE("frames that come late by turns are still every third one") {
        EvenPace pace(10);
        Source source;
        source.jitter = 5ms;
        const auto times = shown(pace, source, 300);
        CHECK(times.size() == 100);
        CHECK(rate_of(times) == doctest::Approx(10).epsilon(0.01));
        CHECK(unevenness(times) <= 5.1ms);
    }

    TEST_CASE("a frame that does not come does not shift the others for long") {
        EvenPace pace(10);
        Source source;
        source.lost = {4, 5, 9};
        const auto times = shown(pace, source, 300);
        CHECK(times.size() >= 98);
        CHECK(unevenness(times) <= 40ms);
    }

    TEST_CASE("a camera that is a little slow is divided as the one it nearly is") {
        EvenPace pace(10);
        Source source;
        source.rate = source.known_rate = 29.2;
        const auto times = shown(pace, source, 300);
        CHECK(times.size() == 100);
        CHECK(unevenness(times) <= 0.1ms);
    }

    TEST_CASE("twenty of thirty come every 50 ms, by the timer") {
        EvenPace pace(20);
        const auto times = shown(pace, Source{}, 300);
        CHECK(rate_of(times) == doctest::Approx(20).epsilon(0.005));
        CHECK(unevenness(times) <= 0.1ms);
    }

    TEST_CASE("twelve of thirty and twenty-eight of thirty are even, too") {
        for (const double rate : {12.0, 28.0, 7.0, 0.5}) {
            CAPTURE(rate);
            EvenPace pace(rate);
            Source source;
            source.jitter = 3ms;
            const auto times = shown(pace, source, 3'000);
            CHECK(rate_of(times) == doctest::Approx(rate).epsilon(0.02));
            CHECK(unevenness(times) <= 5ms);
        }
    }

    TEST_CASE("no more than the camera gives, and then each frame as it comes") {
        for (const double rate : {30.0, 30.5, 29.0, 60.0, 250.0}) {
            CAPTURE(rate);
            EvenPace pace(rate);
            CHECK(shown(pace, Source{}, 90).size() == 90);
            CHECK_FALSE(pace.due());
        }
    }

    TEST_CASE("before the camera's rate is known it is made from the frames as they come") {
        EvenPace pace(10);
        Source source;
        source.known_rate = 0;
        const auto times = shown(pace, source, 30);
        CHECK(times.size() == 10);
        CHECK(unevenness(times) <= 0.1ms);
        EvenPace uneven(20);
        CHECK(shown(uneven, source, 30).size() == 20);
    }

    TEST_CASE("a camera that pauses is not made up for") {
        EvenPace pace(20);
        Source source;
        shown(pace, source, 30);
        source.begin += 1h;
        const auto times = shown(pace, source, 30);
        CHECK(times.front() <= source.begin);
        CHECK(times.size() <= 21);
        CHECK(times.size() >= 19);
    }

    TEST_CASE("a camera that grows slower in the dark is followed") {
        EvenPace pace(10);
        Source source;
        CHECK(shown(pace, source, 30).size() == 10);
        source.begin = source.time_of(30);
        source.rate = source.known_rate = 15;
        const auto times = shown(pace, source, 150);
        CHECK(rate_of(times) == doctest::Approx(10).epsilon(0.02));
        CHECK(unevenness(times) <= 35ms);  // at the change
        source.begin = source.time_of(150);
        source.rate = source.known_rate = 5;
        // One more may be left of the time before.
        CHECK(shown(pace, source, 50).size() >= 50);
    }
}
