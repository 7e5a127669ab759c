// Fewer frames of a feed that a test publishes to.
#include "variants/paced_feed.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <cstdint>
#include <optional>

#include "base/clock.hpp"
#include "camera/feed.hpp"
#include "camera/viewing.hpp"
#include "fake_maker.hpp"
#include "support/test_loop.hpp"

using namespace onlooker;
using namespace onlooker::variants;
using namespace std::chrono_literals;
using test::small_frame;

namespace {

struct Stage : test::TestLoop {
    explicit Stage(double rate) : paced(loop.get_executor(), source, never_repeated, rate) {
        source.set_condition({.live = true, .hopeless = false, .fault = {}});
    }

    media::FramePtr publish(bool is_card = false) {
        source.publish(small_frame(
            {.number = ++number, .width = 16, .height = 16, .stamps = {}, .is_card = is_card}));
        return source.showing();
    }
    // Frames every 20 ms until their rate is known.
    void publish_for_a_second() {
        for (auto next = SteadyClock::now(); source.rate(SteadyClock::now()) <= 0; next += 20ms) {
            run_until([next] { return SteadyClock::now() >= next; });
            publish();
        }
    }

    static constexpr camera::Feed::Settings never_repeated{.repeat_once_after = 1h,
                                                           .repeat_every = 1h};
    std::uint64_t number = 0;
    camera::Feed source{loop.get_executor(), "bed", never_repeated, [] {}};
    PacedFeed paced;
};

}  // namespace

TEST_SUITE("paced feed") {
    TEST_CASE("the newest frame is shown when one is due, though no other one comes") {
        Stage stage(15);
        const camera::Viewing viewing(stage.paced.feed(), {});
        stage.publish_for_a_second();
        const std::uint64_t before = stage.paced.frames();
        CHECK(before >= 8);
        CHECK(before < stage.number / 2);
        const media::FramePtr last = stage.publish();
        CHECK(stage.run_until([&] { return stage.paced.feed().showing() == last; }));
        CHECK(stage.paced.frames() <= before + 2);
    }

    TEST_CASE("a card does not wait, and takes the place of what did") {
        Stage stage(15);
        const camera::Viewing viewing(stage.paced.feed(), {});
        stage.publish_for_a_second();
        stage.publish();
        const media::FramePtr card = stage.publish(true);
        CHECK(stage.paced.feed().showing() == card);
        stage.loop.run_for(100ms);
        CHECK(stage.paced.feed().showing() == card);
    }

    TEST_CASE("when nobody looks nothing is due, and whoever comes sees the present frame") {
        Stage stage(1);
        std::optional<camera::Viewing> viewing(std::in_place, stage.paced.feed(),
                                               camera::Viewing::Description{});
        stage.publish();
        const media::FramePtr second = stage.publish();
        CHECK(stage.paced.feed().showing() != second);
        viewing.reset();
        CHECK(stage.source.viewers() == 0);
        CHECK_FALSE(stage.paced.feed().showing());
        viewing.emplace(stage.paced.feed(), camera::Viewing::Description{});
        CHECK(stage.paced.feed().showing() == second);
    }
}
