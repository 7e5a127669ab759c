// What a clip takes of a feed, and when it ends.
#include "clips/clip_source.hpp"

#include <asio/co_spawn.hpp>
#include <doctest/doctest.h>

#include <chrono>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "base/running_clock.hpp"
#include "camera/camera.hpp"
#include "camera/feed.hpp"
#include "support/scripted_driver.hpp"
#include "support/test_loop.hpp"
#include "unit/clips/stamped_frame.hpp"

using namespace onlooker;
using namespace std::chrono_literals;
using clips::ClipSource;
using test::stamped_frame;

namespace {

using Numbers = std::vector<std::uint64_t>;

// A camera whose own pictures are of no matter, and a feed to which the test publishes.
struct Stage : test::TestLoop {
    Stage() {
        camera::Camera::Settings settings;
        settings.name = "yard";
        camera = std::make_shared<camera::Camera>(loop.get_executor(), settings, [] {
            return std::make_unique<test::ScriptedDriver>(
                [](camera::CaptureContext& context) { return test::steady_pictures(context, 1s); });
        });
        be_live();
    }
    Stage(const Stage&) = delete;
    Stage& operator=(const Stage&) = delete;
    ~Stage() {
        if (source)
            source->end();
        source.reset();
        loop.poll();
    }

    void begin(const ClipSource::Settings& settings,
               const std::vector<media::FramePtr>& before = {}) {
        source = std::make_shared<ClipSource>(
            loop.get_executor(), camera, variants::View{.feed = &feed, .keep = nullptr},
            ClipSource::Viewer{.description = {}, .count = count, .address = {}}, settings);
        source->begin(before);
    }
    void be_live() {
        camera::Feed::Condition condition;
        condition.live = true;
        feed.set_condition(condition);
    }
    void fail() {
        camera::Feed::Condition condition;
        condition.hopeless = true;
        feed.set_condition(condition);
    }
    void retire() {
        camera::Feed::Condition condition;
        condition.over = true;
        feed.set_condition(condition);
    }
    void show(const test::StampedFrame& frame) { feed.publish(stamped_frame(frame)); }
    Numbers taken() {
        Numbers numbers;
        while (const media::FramePtr frame = source->take())
            numbers.push_back(frame->number());
        return numbers;
    }

    std::shared_ptr<camera::Camera> camera;
    camera::Feed feed{
        loop.get_executor(), "yard", {.repeat_once_after = 1h, .repeat_every = 1h}, [] {}};
    std::shared_ptr<endpoints::ViewerCount> count = std::make_shared<endpoints::ViewerCount>();
    std::shared_ptr<ClipSource> source;
};

}  // namespace

TEST_SUITE("the frames of a clip") {
    TEST_CASE("are what is shown when it is asked for, and every frame after that") {
        Stage stage;
        stage.show({.number = 1});
        stage.show({.number = 2});
        stage.begin({});
        CHECK(stage.count->now() == 1);
        for (const unsigned number : {3u, 4u, 5u})
            stage.show({.number = number});
        CHECK(stage.taken() == Numbers{2, 3, 4, 5});
        stage.show({.number = 6});
        CHECK(stage.taken() == Numbers{6});
        CHECK(stage.source->skipped() == 0);
        stage.source->end();
        CHECK(stage.source->is_over());
        stage.source.reset();
        CHECK(stage.count->now() == 0);
    }

    TEST_CASE("are no cards, no repetitions, and nothing that was shown before a failure") {
        Stage stage;
        stage.show({.number = 1});
        stage.fail();
        stage.show({.number = 1, .is_card = true});
        stage.begin({});
        stage.show({.number = 2, .is_card = true});
        CHECK(stage.taken().empty());
        stage.be_live();
        stage.show({.number = 2});
        stage.feed.publish(stage.feed.showing());
        CHECK(stage.taken() == Numbers{2});
    }

    TEST_CASE("go on after a failure, which is a gap") {
        Stage stage;
        stage.show({.number = 1});
        stage.begin({});
        stage.fail();
        stage.show({.number = 9, .is_card = true});
        stage.be_live();
        stage.show({.number = 2, .captured = 90s});
        CHECK(stage.taken() == Numbers{1, 2});
        CHECK_FALSE(stage.source->is_over());
    }

    TEST_CASE("begin with the pre-roll, in which nothing is twice") {
        Stage stage;
        stage.show({.number = 7});
        stage.begin({}, {stamped_frame({.number = 5}), stamped_frame({.number = 6}),
                         stamped_frame({.number = 7})});
        stage.show({.number = 8});
        CHECK(stage.taken() == Numbers{5, 6, 7, 8});
    }

    TEST_CASE("end when the time is up, which counts from the first one") {
        Stage stage;
        stage.begin({.length = 50ms});
        stage.loop.run_for(80ms);
        CHECK_FALSE(stage.source->is_over());
        stage.show({.number = 1});
        bool rung = false;
        stage.source->on_news([&rung] { rung = true; });
        CHECK(stage.run_until([&] { return stage.source->is_over(); }));
        CHECK(rung);
        stage.show({.number = 2});
        CHECK(stage.taken() == Numbers{1});
    }

    TEST_CASE("end with the pre-roll's time where the camera gives nothing more") {
        Stage stage;
        stage.feed.set_condition(camera::Feed::Condition());
        stage.begin({.length = 50ms}, {stamped_frame({.number = 5})});
        CHECK(stage.run_until([&] { return stage.source->is_over(); }));
        CHECK(stage.taken() == Numbers{5});
    }

    TEST_CASE("end when the camera goes for good") {
        Stage stage;
        stage.show({.number = 1});
        stage.begin({});
        stage.retire();
        CHECK(stage.source->is_over());
        CHECK(stage.taken() == Numbers{1});
    }

    TEST_CASE("that nobody takes are kept up to the queue's limit, and counted beyond it") {
        Stage stage;
        stage.begin({.queue = {.octets = 1'000'000, .frames = 3}});
        for (unsigned number = 1; number <= 10; ++number)
            stage.show({.number = number});
        CHECK(stage.source->skipped() == 7);
        CHECK(stage.taken() == Numbers{1, 2, 3});
    }

    TEST_CASE("of a time-lapse are those that are shown when the next one is due") {
        Stage stage;
        stage.show({.number = 1});
        stage.begin({.length = 200ms, .every = 80ms});
        stage.show({.number = 2});
        stage.show({.number = 3});
        CHECK(stage.taken() == Numbers{1});
        CHECK(stage.run_until([&] { return !stage.source->empty(); }));
        CHECK(stage.taken() == Numbers{3});
        // Nothing new is seen, and that is what it shows.
        CHECK(stage.run_until([&] { return !stage.source->empty(); }));
        CHECK(stage.taken() == Numbers{3});
        CHECK(stage.run_until([&] { return stage.source->is_over(); }));
        CHECK(stage.taken().empty());
    }

    TEST_CASE("of a time-lapse are none while the camera fails") {
        Stage stage;
        stage.show({.number = 1});
        stage.begin({.length = 150ms, .every = 40ms});
        stage.fail();
        CHECK(stage.run_until([&] { return stage.source->is_over(); }));
        CHECK(stage.taken() == Numbers{1});
    }

    TEST_CASE("are waited for, until there is no hope") {
        Stage stage;
        stage.feed.set_condition(camera::Feed::Condition());
        stage.begin({});
        std::optional<bool> answer;
        const auto ask = [&](SteadyTime limit) {
            answer.reset();
            asio::co_spawn(stage.loop, stage.source->first_frame(nullptr, limit),
                           [&answer](std::exception_ptr, bool has) { answer = has; });
            stage.loop.poll();
        };
        ask(RunningClock::now() + 1h);
        CHECK_FALSE(answer);
        stage.fail();
        CHECK(stage.run_until([&] { return answer.has_value(); }));
        CHECK(answer == false);

        stage.be_live();
        ask(RunningClock::now() + 20ms);
        CHECK(stage.run_until([&] { return answer.has_value(); }));
        CHECK(answer == false);

        ask(RunningClock::now() + 1h);
        stage.show({.number = 1});
        CHECK(stage.run_until([&] { return answer.has_value(); }));
        CHECK(answer == true);
    }
}
