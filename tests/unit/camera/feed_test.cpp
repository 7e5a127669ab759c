// What a feed shows, when it shows it again, who waits for it, and a feed that is fed from another.
#include "camera/feed.hpp"

#include <asio/co_spawn.hpp>
#include <doctest/doctest.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <list>
#include <optional>
#include <span>
#include <vector>

#include "base/clock.hpp"
#include "base/running_clock.hpp"
#include "base/task.hpp"
#include "support/test_loop.hpp"

using namespace onlooker;
using namespace onlooker::camera;
using namespace std::chrono_literals;

namespace {

constexpr auto never = SteadyTime::max();

media::FramePtr frame(std::uint64_t number, bool is_card = false) {
    static constexpr std::array octets{std::byte{0xff}, std::byte{0xd8}};
    const std::span<const std::byte> picture(octets);
    return media::Frame::make(
        {.number = number, .width = 16, .height = 16, .stamps = {}, .is_card = is_card},
        std::span(&picture, 1));
}

struct Stage : test::TestLoop {
    // What a coroutine on the loop was answered, once it was.
    std::optional<bool>& wait(std::uint64_t seen, SteadyTime limit) {
        std::optional<bool>& answer = answers.emplace_back();
        asio::co_spawn(loop, feed.newer(seen, limit),
                       [&answer](std::exception_ptr, bool newer) { answer = newer; });
        loop.poll();
        return answer;
    }

    int viewer_changes = 0;
    Feed feed{
        loop.get_executor(), "bed", {.repeat_once_after = 20ms, .repeat_every = 60ms}, [this] {
            ++viewer_changes;
        }};
    std::list<std::optional<bool>> answers;
};

// Shows every third frame of another feed, and keeps that one awake while somebody looks.
class EveryThird {
  public:
    EveryThird(Executor executor, Feed& from)
        : from_(from), feed_(executor, from.name(), {}, [this] {
              if (feed_.viewers() == 0)
                  viewing_.reset();
              else if (!viewing_)
                  viewing_.emplace(from_, Viewing::Description{});
          }) {}

    Feed& feed() noexcept { return feed_; }

    Task run() {
        std::uint64_t seen = 0;
        for (int frames = 0; !ended_; seen = from_.edition()) {
            if (co_await from_.newer(seen, interrupt_) && ++frames % 3 == 0)
                feed_.publish(from_.showing());
        }
    }
    void end() {
        ended_ = true;
        interrupt_.raise();
    }

  private:
    Feed& from_;
    Feed feed_;
    std::optional<Viewing> viewing_;
    Feed::Interrupt interrupt_;
    bool ended_ = false;
};

}  // namespace

TEST_SUITE("feed") {
    TEST_CASE("each frame is an edition, and so is the same frame once more") {
        Stage stage;
        CHECK_FALSE(stage.feed.has_newer(0));
        const media::FramePtr first = frame(1);
        stage.feed.publish(first);
        CHECK(stage.feed.has_newer(0));
        CHECK_FALSE(stage.feed.has_newer(1));
        stage.feed.publish(first);
        CHECK(stage.feed.edition() == 2);
        CHECK(stage.feed.frame_edition() == 1);
        stage.feed.publish(frame(2));
        CHECK(stage.feed.edition() == 3);
        CHECK(stage.feed.frame_edition() == 3);
    }

    TEST_CASE("a card is shown, and the picture stays the last one") {
        Stage stage;
        const media::FramePtr picture = frame(1);
        const media::FramePtr card = frame(2, true);
        stage.feed.publish(picture);
        stage.feed.publish(card);
        CHECK(stage.feed.showing() == card);
        CHECK(stage.feed.picture() == picture);
        stage.feed.clear();
        CHECK_FALSE(stage.feed.showing());
        CHECK(stage.feed.picture() == picture);
    }

    TEST_CASE("what is shown is repeated while somebody looks, and not without") {
        Stage stage;
        stage.feed.publish(frame(1));
        stage.loop.run_for(30ms);
        CHECK(stage.feed.edition() == 1);
        const Viewing viewing(stage.feed, {});
        REQUIRE(stage.run_until([&] { return stage.feed.edition() == 2; }));
        const auto once = stage.feed.edition_time();
        REQUIRE(stage.run_until([&] { return stage.feed.edition() == 3; }));
        CHECK(stage.feed.edition_time() - once >= 60ms);
        CHECK(stage.feed.frame_edition() == 1);
    }

    TEST_CASE("its source hears of each viewer that comes and goes") {
        Stage stage;
        {
            const Viewing one(stage.feed, {});
            const Viewing other(stage.feed, {});
            CHECK(stage.feed.viewers() == 2);
        }
        CHECK(stage.feed.viewers() == 0);
        CHECK(stage.viewer_changes == 4);
    }

    TEST_CASE("whoever waits for a newer edition is woken by it, and at once if it is there") {
        Stage stage;
        const auto& early = stage.wait(0, never);
        CHECK_FALSE(early);
        stage.feed.publish(frame(1));
        stage.loop.poll();
        CHECK(early == true);
        CHECK(stage.wait(0, never) == true);
        CHECK_FALSE(stage.wait(1, never));
        stage.feed.publish(frame(2));
        stage.loop.poll();
        CHECK(stage.answers.back() == true);
    }

    TEST_CASE("a wait ends at its limit without a picture") {
        Stage stage;
        const auto begin = RunningClock::now();
        const auto& answer = stage.wait(0, begin + 10ms);
        REQUIRE(stage.run_until([&] { return answer.has_value(); }));
        CHECK(answer == false);
        CHECK(RunningClock::now() - begin >= 10ms);
        CHECK(stage.feed.waiting() == 0);
    }

    TEST_CASE("a wait ends when hope is lost, and not when it was lost before") {
        Stage stage;
        const auto& first = stage.wait(0, never);
        stage.feed.set_condition({.hopeless = true, .fault = Fault{ErrorKind::busy, "taken"}});
        stage.loop.poll();
        CHECK(first == false);
        const auto& second = stage.wait(0, never);
        stage.feed.set_condition({.hopeless = true, .fault = Fault{ErrorKind::failed, "broken"}});
        stage.loop.poll();
        CHECK_FALSE(second);
        stage.feed.publish(frame(1, true));
        stage.loop.poll();
        CHECK(second == true);
    }

    TEST_CASE("a frame is due only while pictures come") {
        Stage stage;
        stage.feed.set_condition({.live = true, .hopeless = false, .fault = {}});
        CHECK(stage.feed.rate(SteadyClock::now()) == 0);
        CHECK_FALSE(stage.feed.next_frame_due());
        for (std::uint64_t number = 1; stage.feed.rate(SteadyClock::now()) == 0; ++number) {
            REQUIRE(number < 10'000);
            stage.feed.publish(frame(number));
            stage.loop.run_for(1ms);
        }
        CHECK(stage.feed.next_frame_due() > stage.feed.edition_time());
        stage.feed.set_condition({});
        CHECK(stage.feed.rate(SteadyClock::now()) == 0);
        CHECK_FALSE(stage.feed.next_frame_due());
    }

    TEST_CASE("the time without pictures is no part of the rate of those that come after it") {
        Stage stage;
        stage.feed.set_condition({.live = true, .hopeless = false, .fault = {}});
        stage.feed.publish(frame(1));
        stage.loop.run_for(20ms);
        stage.feed.set_condition({});
        stage.loop.run_for(1100ms);
        stage.feed.set_condition({.live = true, .hopeless = false, .fault = {}});
        stage.feed.publish(frame(2));
        CHECK(stage.feed.rate(SteadyClock::now()) == 0);
        stage.feed.publish(frame(3));
        CHECK(stage.feed.rate(SteadyClock::now()) == 0);
    }

    TEST_CASE("a feed can be fed from another one, and keeps it awake while somebody looks") {
        Stage stage;
        EveryThird third(stage.loop.get_executor(), stage.feed);
        bool ended = false;
        asio::co_spawn(stage.loop, run(stage.loop.get_executor(), third.run()),
                       [&ended](std::exception_ptr) { ended = true; });
        stage.loop.poll();
        std::vector<std::uint64_t> seen;
        {
            const Viewing viewing(third.feed(), {});
            CHECK(stage.feed.viewers() == 1);
            for (std::uint64_t number = 1; number <= 9; ++number) {
                stage.feed.publish(frame(number));
                if (third.feed().has_newer(seen.size()))
                    seen.push_back(third.feed().showing()->number());
            }
        }
        CHECK(seen == std::vector<std::uint64_t>{3, 6, 9});
        CHECK(stage.feed.viewers() == 0);
        third.end();
        CHECK(stage.run_until([&] { return ended; }));
    }
}
