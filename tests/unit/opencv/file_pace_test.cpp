#include "opencv/file_pace.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <optional>

using namespace std::chrono_literals;
using onlooker::drivers::FilePace;

namespace {

const onlooker::SteadyTime begin{};

auto after(onlooker::SteadyTime due) {
    return std::chrono::round<std::chrono::milliseconds>(due - begin);
}

}  // namespace

TEST_SUITE("file pace") {
    TEST_CASE("goes by the positions of the pictures") {
        FilePace pace({});
        CHECK(after(pace.next(begin, 5s, 1s)) == 0ms);
        CHECK(after(pace.next(begin, 5.1s, 1s)) == 100ms);
        CHECK(after(pace.next(begin, 5.4s, 1s)) == 400ms);
    }

    TEST_CASE("goes by the rate where positions stand still, jump, begin again or are not there") {
        FilePace pace({});
        pace.next(begin, 1s, 100ms);
        CHECK(after(pace.next(begin, 1s, 100ms)) == 100ms);
        CHECK(after(pace.next(begin, 100s, 100ms)) == 200ms);
        CHECK(after(pace.next(begin, 0s, 100ms)) == 300ms);
        CHECK(after(pace.next(begin, {}, 100ms)) == 400ms);
    }

    TEST_CASE("without any word of the file, 25 pictures per second") {
        FilePace pace({});
        pace.next(begin, {}, {});
        CHECK(after(pace.next(begin, {}, {})) == 40ms);
    }

    TEST_CASE("a rate that was asked for goes first") {
        FilePace pace(10);
        pace.next(begin, 1s, 1s);
        CHECK(after(pace.next(begin, 7s, 1s)) == 100ms);
    }

    TEST_CASE("who is late catches up, but does not run after more than a second") {
        FilePace pace(10);
        pace.next(begin, {}, {});
        CHECK(after(pace.next(begin + 900ms, {}, {})) == 100ms);
        CHECK(after(pace.next(begin + 5s, {}, {})) == 5000ms);
        CHECK(after(pace.next(begin + 5s, {}, {})) == 5100ms);
    }
}
