#include "endpoints/queue_rule.hpp"

#include <doctest/doctest.h>

#include <chrono>

using onlooker::endpoints::QueueRule;
using onlooker::http::PathState;
using namespace std::chrono_literals;

namespace {

constexpr auto zero = QueueRule::Clock::duration::zero();

PathState path(std::uint64_t rate, std::chrono::microseconds rtt, std::size_t unacknowledged) {
    return {.delivery_rate = rate,
            .rate_is_app_limited = false,
            .min_rtt = rtt,
            .unacknowledged = unacknowledged};
}

}  // namespace

TEST_SUITE("queue rule") {
    const QueueRule::Time start = QueueRule::Time() + 1h;

    TEST_CASE("a new viewer is looked at, and an empty wire is free") {
        QueueRule rule;
        CHECK(rule.must_look(start));
        CHECK(rule.wait_for(path(0, 0us, 0), start) == zero);
        CHECK_FALSE(rule.must_look(start));
    }

    TEST_CASE("a viewer that is on time costs one look in thirty-two frames") {
        QueueRule rule;
        auto now = start;
        int looks = 0;
        for (int i = 0; i < 3200; ++i) {
            if (rule.must_look(now)) {
                ++looks;
                CHECK(rule.wait_for(path(100'000'000, 50us, 0), now) == zero);
            }
            rule.sent(75'000, now);
            now += 33ms;
        }
        CHECK(looks == 100);
    }

    TEST_CASE("on a slow link it waits until the rest has left") {
        QueueRule rule;
        rule.wait_for(path(1'000'000, 100us, 0), start);
        rule.sent(100'000, start);
        CHECK(rule.must_look(start + 33ms));
        const auto wait = rule.wait_for(path(1'000'000, 100us, 67'000), start + 33ms);
        CHECK(wait > 60ms);
        CHECK(wait < 67ms);
        CHECK(rule.must_look(start + 33ms));
        CHECK(rule.wait_for(path(1'000'000, 100us, 2'000), start + 100ms) == zero);
    }

    TEST_CASE("a long path may stay full: delivery rate times round trip") {
        QueueRule rule;
        // 20 Mbit/s and 80 ms hold 200,000 octets.
        CHECK(rule.wait_for(path(2'500'000, 80ms, 200'000), start) == zero);
        const auto wait = rule.wait_for(path(2'500'000, 80ms, 300'000), start);
        CHECK(wait > 35ms);
        CHECK(wait < 41ms);
    }

    TEST_CASE("a frame that the kernel did not take whole makes it look again") {
        QueueRule rule;
        rule.wait_for(path(100'000'000, 50us, 0), start);
        rule.sent(75'000, start);
        CHECK_FALSE(rule.must_look(start + 33ms));
        rule.fell_short();
        CHECK(rule.must_look(start + 33ms));
    }

    TEST_CASE("it follows a link that becomes slower") {
        QueueRule rule;
        rule.wait_for(path(10'000'000, 80ms, 0), start);
        CHECK(rule.wait_for(path(1'000'000, 80ms, 500'000), start + 100ms) == zero);
        rule.wait_for(path(1'000'000, 80ms, 500'000), start + 1200ms);
        CHECK(rule.wait_for(path(1'000'000, 80ms, 500'000), start + 2500ms) != zero);
    }

    TEST_CASE("a sample taken while there was little to send does not lower the rate") {
        QueueRule rule;
        rule.wait_for(path(2'500'000, 80ms, 0), start);
        PathState idle = path(10'000, 80ms, 150'000);
        idle.rate_is_app_limited = true;
        CHECK(rule.wait_for(idle, start + 500ms) == zero);
    }

    TEST_CASE("waits are bounded even when nothing is known") {
        QueueRule rule;
        const auto wait = rule.wait_for(path(0, 0us, 1'000'000), start);
        CHECK(wait > zero);
        CHECK(wait <= 100ms);
    }
}
