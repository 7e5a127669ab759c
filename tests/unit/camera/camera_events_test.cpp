// Whoever subscribes to a camera hears what has changed, the newest once, however slow he is.
#include "camera/camera_events.hpp"

#include <asio/co_spawn.hpp>
#include <doctest/doctest.h>

#include <chrono>
#include <exception>
#include <optional>
#include <vector>

#include "base/clock.hpp"
#include "base/running_clock.hpp"
#include "camera/camera.hpp"
#include "support/scripted_driver.hpp"
#include "support/test_loop.hpp"

using namespace onlooker;
using namespace onlooker::camera;
using namespace std::chrono_literals;
using Topic = CameraEvents::Topic;
using Topics = CameraEvents::Topics;

namespace {

constexpr auto never = SteadyTime::max();

struct Stage : test::TestLoop {
    void read(std::optional<Topics>& into, SteadyTime limit = never) {
        asio::co_spawn(loop, reader.next(limit),
                       [&into](std::exception_ptr, Topics topics) { into = topics; });
        loop.poll();
    }

    CameraEvents events{loop.get_executor()};
    CameraEvents::Subscription reader{events};
};

}  // namespace

TEST_SUITE("camera events") {
    TEST_CASE("a reader waits until something has changed, and hears what") {
        Stage stage;
        std::optional<Topics> heard;
        stage.read(heard);
        CHECK_FALSE(heard);
        stage.events.tell(Topic::fault);
        stage.loop.poll();
        REQUIRE(heard);
        CHECK(heard->has(Topic::fault));
        CHECK_FALSE(heard->has(Topic::state));
    }

    TEST_CASE("what changes a thousand times while nobody reads is heard once") {
        Stage stage;
        for (int i = 0; i < 1000; ++i)
            stage.events.tell(i % 2 == 0 ? Topic::state : Topic::viewers);
        std::optional<Topics> heard;
        stage.read(heard);
        REQUIRE(heard);
        CHECK(heard->has(Topic::state));
        CHECK(heard->has(Topic::viewers));
        std::optional<Topics> again;
        stage.read(again, RunningClock::now());
        REQUIRE(again);
        CHECK_FALSE(*again);
    }

    TEST_CASE("each reader hears for itself, and one that has gone is not told") {
        Stage stage;
        {
            const CameraEvents::Subscription gone(stage.events);
            CameraEvents::Subscription other(stage.events);
            stage.events.tell(Topic::controls);
            std::optional<Topics> heard;
            asio::co_spawn(stage.loop, other.next(never),
                           [&heard](std::exception_ptr, Topics topics) { heard = topics; });
            stage.loop.poll();
            CHECK(heard->has(Topic::controls));
        }
        stage.events.tell(Topic::state);
        std::optional<Topics> heard;
        stage.read(heard);
        CHECK(heard->has(Topic::controls));
        CHECK(heard->has(Topic::state));
    }

    TEST_CASE("a reader that ends waits for nothing any more") {
        Stage stage;
        std::optional<Topics> heard;
        stage.read(heard);
        stage.reader.end();
        stage.loop.poll();
        REQUIRE(heard);
        CHECK_FALSE(*heard);
    }

    TEST_CASE("a camera tells its state, its fault, its viewers and its controls") {
        test::TestLoop stage;
        Camera::Settings settings;
        settings.name = "bed";
        settings.supervision.idle_after = 0ms;
        settings.supervision.retry_first = 1ms;
        int tries = 0;
        Camera camera(stage.loop.get_executor(), settings, [&tries] {
            return std::make_unique<test::ScriptedDriver>(
                [&tries](CaptureContext& context) -> Generator<Captured> {
                    if (++tries == 1)
                        throw CameraError(ErrorKind::busy, "another program has it");
                    context.report_controls({Control{}});
                    co_yield test::captured(test::grey_picture());
                    while (context.sleep_until(SteadyClock::now() + 1h)) {
                    }
                });
        });
        Topics heard;
        {
            CameraEvents::Subscription reader(camera.events());
            bool reading = false;
            const auto hear = [&] {
                if (!reading) {
                    reading = true;
                    asio::co_spawn(
                        stage.loop, reader.next(never), [&](std::exception_ptr, Topics topics) {
                            reading = false;
                            for (const Topic topic :
                                 {Topic::state, Topic::fault, Topic::viewers, Topic::controls}) {
                                if (topics.has(topic))
                                    heard.add(topic);
                            }
                        });
                }
                return heard.has(Topic::state) && heard.has(Topic::fault) &&
                       heard.has(Topic::viewers) && heard.has(Topic::controls);
            };
            const Viewing viewing(camera.feed(), {});
            CHECK(stage.run_until(hear));
            reader.end();
            CHECK(stage.run_until([&] { return !reading; }));
        }
        camera.close();
        bool closed = false;
        asio::co_spawn(stage.loop, camera.wait_closed(RunningClock::now() + 5s),
                       [&closed](std::exception_ptr, bool done) { closed = done; });
        CHECK(stage.run_until([&] { return closed; }));
    }
}
