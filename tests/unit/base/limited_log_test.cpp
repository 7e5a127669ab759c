#include "base/limited_log.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <optional>

#include "support/logged.hpp"

using namespace std::chrono_literals;
using onlooker::LimitedLog;
using onlooker::LogLimit;
using onlooker::test::Logged;

namespace {

onlooker::SteadyTime now{};

}  // namespace

TEST_SUITE("limited log") {
    TEST_CASE("five lines at once, then one per second with the count of what was left out") {
        LogLimit limit;
        const onlooker::SteadyTime begin{1h};
        for (int i = 0; i < 5; ++i)
            CHECK(limit.admit(begin) == 0u);
        for (int i = 0; i < 7; ++i)
            CHECK(!limit.admit(begin + 999ms));
        CHECK(limit.admit(begin + 1s) == 7u);
        CHECK(!limit.admit(begin + 1999ms));
        CHECK(limit.admit(begin + 2s) == 1u);
    }

    TEST_CASE("a quiet time gives back what it is worth, and no more than five") {
        LogLimit limit;
        onlooker::SteadyTime time{1h};
        const auto admitted = [&] {
            int count = 0;
            while (limit.admit(time))
                ++count;
            return count;
        };
        CHECK(admitted() == 5);
        time += 3s;
        CHECK(admitted() == 3);
        time += 24h;
        CHECK(admitted() == 5);
    }

    TEST_CASE("a hundred thousand events in a minute are a few dozen lines that count them all") {
        LogLimit limit;
        std::uint64_t lines = 0;
        std::uint64_t counted = 0;
        onlooker::SteadyTime time{1h};
        for (int i = 0; i < 100'000; ++i, time += 600us) {
            if (const auto left_out = limit.admit(time)) {
                ++lines;
                counted += 1 + *left_out;
            }
        }
        CHECK(lines < 70);
        CHECK(counted + limit.take_left_out() == 100'000);
    }

    TEST_CASE("each kind has a limit of its own, and the count stands in the line") {
        const Logged log;
        now = onlooker::SteadyTime{1h};
        LimitedLog one({.at_once = 1, .interval = 1s}, [] { return now; });
        LimitedLog other({.at_once = 1, .interval = 1s}, [] { return now; });
        one.write(spdlog::level::info, "one {}", 1);
        one.write(spdlog::level::info, "one {}", 2);
        one.write(spdlog::level::info, "one {}", 3);
        other.write(spdlog::level::info, "other");
        now += 1s;
        one.write(spdlog::level::info, "one {}", 4);
        REQUIRE(log.lines().size() == 3);
        CHECK(log.lines()[0] == "one 1");
        CHECK(log.lines()[1] == "other");
        CHECK(log.lines()[2] == "one 4 (and 2 more like this, left out)");
    }

    TEST_CASE("a line of a level that is not logged is not counted") {
        const Logged log;
        now = onlooker::SteadyTime{1h};
        LimitedLog kind({.at_once = 1, .interval = 1s}, [] { return now; });
        for (int i = 0; i < 10; ++i)
            kind.write(spdlog::level::debug, "quiet");
        kind.tell_rest(spdlog::level::info, "quiet ones");
        CHECK(log.lines().empty());
        kind.write(spdlog::level::info, "heard");
        kind.write(spdlog::level::info, "not heard");
        kind.tell_rest(spdlog::level::info, "words");
        kind.tell_rest(spdlog::level::info, "words");
        REQUIRE(log.lines().size() == 2);
        CHECK(log.lines()[1] == "1 more words are not in the log");
    }
}
