#include "camera/card_source.hpp"

#include <doctest/doctest.h>

#include <chrono>

#include "base/clock.hpp"
#include "support/test_loop.hpp"

using namespace onlooker;
using namespace onlooker::camera;
using namespace std::chrono_literals;

namespace {

struct Screen : test::TestLoop {
    int cards = 0;
    CardSource source{loop.get_executor(), {}, [this](const media::FramePtr&) { ++cards; }};
};

CardDriver::Words unplugged() {
    return {.camera = "bed",
            .kind = ErrorKind::unplugged,
            .sentence = "the cable is out",
            .retry_at = SteadyClock::now() + 1s,
            .width = 160,
            .height = 120};
}

}  // namespace

TEST_SUITE("card source") {
    TEST_CASE("another time of the next try does not begin the cards anew") {
        Screen screen;
        const auto begin = SteadyClock::now();
        screen.source.show(unplugged());
        REQUIRE(screen.run_until([&] { return screen.cards == 1; }));
        for (int i = 0; i < 20; ++i) {
            screen.source.show(unplugged());
            screen.loop.run_for(5ms);
        }
        const auto passed = SteadyClock::now() - begin;
        CHECK(screen.cards <= 1 + passed / 1s);
    }

    TEST_CASE("another sentence is shown at once, and nothing after the end") {
        Screen screen;
        screen.source.show(unplugged());
        REQUIRE(screen.run_until([&] { return screen.cards == 1; }));
        const auto begin = SteadyClock::now();
        CardDriver::Words other = unplugged();
        other.sentence = "another program has it";
        screen.source.show(other);
        REQUIRE(screen.run_until([&] { return screen.cards == 2; }));
        CHECK(SteadyClock::now() - begin < 900ms);
        screen.source.end();
        screen.loop.poll();
        CHECK(screen.cards == 2);
    }
}
