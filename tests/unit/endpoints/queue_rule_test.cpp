#include "endpoints/queue_rule.hpp"

#include <doctest/doctest.h>

#include <chrono>

using onlooker::endpoints::QueueRule;
using onlooker::http::PathState;
using namespace std::chrono_literals;

namespace {

constexpr auto zero = onlooker::SteadyClock::duration::zero();

PathState path(std::uint64_t rate, std::chrono::microseconds rtt, std::size_t unacknowledged) {
    PathState state;
    state.delivery_rate = rate;
    state.min_rtt = rtt;
    state.unacknowledged = unacknowledged;
    return state;
}

// A viewer that has shown often enough that it is on time, at 100 MB/s.
QueueRule on_time(onlooker::SteadyTime& now) {
    QueueRule rule;
    for (int i = 0; i < 40; ++i) {
        if (rule.must_look())
            CHECK(rule.time_to_wait(path(100'000'000, 50us, 0), now) == zero);
        rule.sent();
        now += 33ms;
    }
    return rule;
}

// A viewer each of whose frames takes `frame_time` of a wire with `rate`, the last time with `left`
// octets still on it.
QueueRule late(onlooker::SteadyTime& now, std::uint64_t rate,
               onlooker::SteadyClock::duration frame_time, std::size_t left) {
    QueueRule rule;
    for (int i = 0; i < 10; ++i) {
        CHECK(rule.time_to_wait(path(rate, 50us, 40'000), now) > zero);
        now += frame_time;
        CHECK(rule.time_to_wait(path(rate, 50us, left), now) == zero);
        rule.sent();
    }
    return rule;
}

}  // namespace

TEST_SUITE("queue rule") {
    const onlooker::SteadyTime start = onlooker::SteadyTime() + 1h;

    TEST_CASE("a new viewer is looked at, and an empty wire is free") {
        QueueRule rule;
        CHECK(rule.must_look());
        CHECK(rule.time_to_wait(path(0, 0us, 0), start) == zero);
    }

    TEST_CASE("a viewer that is on time costs one look in thirty-two frames") {
        auto now = start;
        QueueRule rule = on_time(now);
        int looks = 0;
        for (int i = 0; i < 3200; ++i) {
            if (rule.must_look()) {
                ++looks;
                CHECK(rule.time_to_wait(path(100'000'000, 50us, 0), now) == zero);
            }
            rule.sent();
            now += 33ms;
        }
        CHECK(looks == 100);
    }

    TEST_CASE("a viewer that had to wait is looked at before each frame for a while") {
        auto now = start;
        QueueRule rule = on_time(now);
        CHECK(rule.time_to_wait(path(1'000'000, 50us, 500'000), now) > zero);
        for (int i = 0; i < 30; ++i) {
            CHECK(rule.must_look());
            rule.time_to_wait(path(100'000'000, 50us, 0), now);
            rule.sent();
            now += 33ms;
        }
    }

    TEST_CASE("on a slow link it waits until the rest has left") {
        QueueRule rule;
        rule.time_to_wait(path(1'000'000, 100us, 0), start);
        rule.sent();
        CHECK(rule.must_look());
        const auto wait = rule.time_to_wait(path(1'000'000, 100us, 40'000), start + 60ms);
        CHECK(wait > 33ms);
        CHECK(wait < 40ms);
        CHECK(rule.must_look());
        CHECK(rule.time_to_wait(path(1'000'000, 100us, 2'000), start + 100ms) == zero);
    }

    TEST_CASE("a long path may stay full: delivery rate times round trip") {
        QueueRule rule;
        // 20 Mbit/s and 80 ms hold 200,000 octets.
        CHECK(rule.time_to_wait(path(2'500'000, 80ms, 200'000), start) == zero);
        const auto wait = rule.time_to_wait(path(2'500'000, 80ms, 300'000), start);
        CHECK(wait > 35ms);
        CHECK(wait < 41ms);
    }

    TEST_CASE("a frame that the kernel did not take whole makes it look again") {
        auto now = start;
        QueueRule rule = on_time(now);
        if (rule.must_look())
            rule.time_to_wait(path(100'000'000, 50us, 0), now);
        CHECK_FALSE(rule.must_look());
        rule.fell_short();
        CHECK(rule.must_look());
    }

    TEST_CASE("old samples of a faster link are bounded by what is acknowledged") {
        QueueRule rule;
        auto now = start;
        PathState state = path(10'000'000, 80ms, 500'000);
        bool waited = false;
        // The link has become a megabyte per second: its path holds 80,000 octets, not 800,000.
        for (int i = 0; i < 40; ++i) {
            waited = rule.time_to_wait(state, now) > zero;
            now += 50ms;
            state.acknowledged += 50'000;
        }
        CHECK(waited);
    }

    TEST_CASE("a link that stopped for half a second is not a slower one") {
        QueueRule rule;
        auto now = start;
        PathState state = path(2'500'000, 80ms, 200'000);
        for (int i = 0; i < 30; ++i) {
            CHECK(rule.time_to_wait(state, now) == zero);
            now += 50ms;
            state.acknowledged += 125'000;
        }
        now += 500ms;
        CHECK(rule.time_to_wait(state, now) == zero);
        // One that stays slower is.
        for (int i = 0; i < 40; ++i) {
            now += 50ms;
            state.acknowledged += 50'000;
            rule.time_to_wait(state, now);
        }
        CHECK(rule.time_to_wait(state, now) > zero);
    }

    TEST_CASE("a low sample does not lower the rate for two seconds") {
        QueueRule rule;
        rule.time_to_wait(path(2'500'000, 80ms, 0), start);
        CHECK(rule.time_to_wait(path(10'000, 80ms, 150'000), start + 500ms) == zero);
        CHECK(rule.time_to_wait(path(10'000, 80ms, 150'000), start + 1500ms) == zero);
        CHECK(rule.time_to_wait(path(10'000, 80ms, 150'000), start + 3500ms) != zero);
    }

    TEST_CASE("waits are bounded even when nothing is known") {
        QueueRule rule;
        const auto wait = rule.time_to_wait(path(0, 0us, 1'000'000), start);
        CHECK(wait > zero);
        CHECK(wait <= 100ms);
    }

    TEST_CASE("a viewer on time has no patience: the newest frame goes at once") {
        auto now = start;
        const QueueRule rule = on_time(now);
        CHECK(rule.patience(now, 33ms) == zero);
    }

    TEST_CASE("a late viewer waits for a frame as long as that costs a fortieth of the wire") {
        auto now = start;
        const QueueRule rule = late(now, 1'000'000, 80ms, 50);
        // sqrt(0.05 * 33 ms * 80 ms); with frames four times as often, half of it.
        CHECK(rule.patience(now, 33ms) > 11ms);
        CHECK(rule.patience(now, 33ms) < 12ms);
        CHECK(rule.patience(now, 8'250us) > 5ms);
        CHECK(rule.patience(now, 8'250us) < 6ms);
    }

    TEST_CASE("and while the wire is busy") {
        auto now = start;
        const QueueRule rule = late(now, 1'000'000, 80ms, 2'050);
        const auto idle = rule.patience(now + 10ms, 33ms);
        CHECK(rule.patience(now, 33ms) > idle + 1900us);
        CHECK(rule.patience(now, 33ms) < idle + 2100us);
        CHECK(rule.patience(now + 1ms, 33ms) == rule.patience(now, 33ms) - 1ms);
    }

    TEST_CASE("where waits end late, more may be left on the wire, and patience is shorter") {
        auto now = start;
        QueueRule rule = late(now, 2'500'000, 40ms, 50);
        const auto patience = rule.patience(now, 33ms);
        const PathState busy = path(2'500'000, 80ms, 200'000 + 15'000);
        CHECK(rule.time_to_wait(busy, now) > zero);
        for (int i = 0; i < 10; ++i)
            rule.woke(4ms);
        CHECK(rule.time_to_wait(busy, now) == zero);
        rule = late(now, 2'500'000, 40ms, 50);
        for (int i = 0; i < 10; ++i)
            rule.woke(4ms);
        CHECK(rule.patience(now, 33ms) < patience - 3'900us);
        for (int i = 0; i < 100; ++i)
            rule.woke(0ms);
        CHECK(rule.patience(now, 33ms) > patience - 100us);
        rule.woke(10s);
        CHECK(rule.patience(now, 33ms) >= patience - 5'100us);
    }

    TEST_CASE("patience ends after 15 ms, however slow the link is") {
        auto now = start;
        const QueueRule rule = late(now, 100'000, 2s, 1'000);
        CHECK(rule.patience(now, 33ms) == 15ms);
    }
}
