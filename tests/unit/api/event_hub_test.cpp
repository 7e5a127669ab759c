// Whoever listens hears the newest of what has changed since, once, however late.
#include "api/event_hub.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "unit/api/house.hpp"

using namespace onlooker;
using api::EventHub;
using camera::CameraEvents;
using Kind = EventHub::Kind;
using Topic = CameraEvents::Topic;

namespace {

struct Stage : test::TestLoop {
    ~Stage() {
        hub.close();
        for (const auto& camera : cameras)
            camera->close();
        work.reset();
        loop.restart();
        loop.run();
    }

    void tell(std::size_t index, Topic topic) {
        loop.poll();
        cameras[index]->events().tell(topic);
        loop.poll();
    }
    std::vector<Kind> kinds_since(std::uint64_t seen) {
        std::vector<Kind> kinds;
        for (const auto& change : hub.since(seen))
            kinds.push_back(change.kind);
        return kinds;
    }

    endpoints::Cameras cameras{test::controlled_camera(loop.get_executor(), "yard"),
                               test::controlled_camera(loop.get_executor(), "bed")};
    EventHub hub{loop.get_executor(),
                 cameras,
                 {.most_listeners = 2,
                  .viewers_apart = std::chrono::milliseconds(50),
                  .most_remembered = 3}};
};

}  // namespace

TEST_SUITE("event hub") {
    TEST_CASE("nothing has changed at the beginning, and each change has a number") {
        Stage stage;
        CHECK(stage.hub.newest() == 0);
        stage.tell(1, Topic::fault);
        CHECK(stage.hub.newest() == 1);
        const auto changes = stage.hub.since(0);
        REQUIRE(changes.size() == 1);
        CHECK(changes[0].kind == Kind::camera);
        CHECK(changes[0].camera->name() == "bed");
        CHECK(stage.hub.since(1).empty());
    }

    TEST_CASE("what changes often is heard once, as the newest, in the order of the last changes") {
        Stage stage;
        for (int i = 0; i < 100; ++i)
            stage.tell(0, Topic::state);
        stage.tell(1, Topic::controls);
        stage.tell(0, Topic::size);
        CHECK(stage.kinds_since(0) == std::vector{Kind::controls, Kind::camera});
        CHECK(stage.hub.since(stage.hub.newest() - 1).front().camera->name() == "yard");
    }

    TEST_CASE("viewers are news at once, and then no more often than was asked for") {
        Stage stage;
        stage.tell(0, Topic::viewers);
        CHECK(stage.kinds_since(0) == std::vector{Kind::viewers});
        const auto seen = stage.hub.newest();
        stage.tell(0, Topic::viewers);
        stage.tell(0, Topic::viewers);
        CHECK(stage.hub.newest() == seen);
        CHECK(stage.run_until([&] { return stage.hub.newest() > seen; }));
        CHECK(stage.kinds_since(seen) == std::vector{Kind::viewers});
    }

    TEST_CASE("what leaves the number of viewers as it was is no news") {
        std::size_t viewers = 0;
        Stage stage;
        EventHub hub(stage.loop.get_executor(), stage.cameras,
                     {.viewers_apart = std::chrono::milliseconds(0),
                      .viewers = [&viewers](const camera::Camera&) { return viewers; }});
        const auto change_to = [&](std::size_t count) {
            viewers = count;
            stage.loop.poll();
            hub.viewers_changed();
            stage.loop.poll();
        };
        change_to(0);
        CHECK(hub.newest() == 0);
        change_to(2);
        CHECK(hub.since(0).size() == 2);
        const auto seen = hub.newest();
        change_to(2);
        CHECK(hub.newest() == seen);
        hub.close();
        stage.loop.poll();
    }

    TEST_CASE("cameras come and go with a new configuration, and options change") {
        Stage stage;
        const auto gone = stage.cameras.back();
        stage.cameras.back() = test::controlled_camera(stage.loop.get_executor(), "roof");
        stage.hub.refresh({"title"});
        const auto changes = stage.hub.since(0);
        REQUIRE(changes.size() == 4);
        CHECK(changes[0].kind == Kind::gone);
        CHECK(changes[0].names == std::vector<std::string>{"bed"});
        CHECK(changes[1].camera->name() == "yard");
        CHECK(changes[2].camera->name() == "roof");
        CHECK(changes[3].kind == Kind::settings);
        stage.loop.poll();
        CHECK(gone.use_count() == 1);
        gone->close();
        const auto seen = stage.hub.newest();
        stage.tell(1, Topic::fault);
        CHECK(stage.hub.since(seen).front().camera->name() == "roof");
    }

    TEST_CASE("who comes back after more than is remembered begins again") {
        Stage stage;
        stage.hub.refresh({"a"});
        const auto first = stage.hub.newest();
        stage.hub.refresh({"b"});
        stage.hub.refresh({"c"});
        CHECK(stage.hub.remembers(0));
        stage.hub.refresh({"d"});
        CHECK_FALSE(stage.hub.remembers(first - 1));
        CHECK(stage.hub.remembers(first));
        CHECK_FALSE(stage.hub.remembers(stage.hub.newest() + 1));
    }

    TEST_CASE("listeners are woken by a change, and there are no more than may be") {
        Stage stage;
        EventHub::Listener one(stage.hub);
        CHECK_FALSE(stage.hub.is_full());
        EventHub::Listener two(stage.hub);
        CHECK(stage.hub.is_full());
        bool woken = false;
        asio::co_spawn(stage.loop, one.wait(SteadyTime::max()),
                       [&woken](std::exception_ptr) { woken = true; });
        stage.loop.poll();
        CHECK_FALSE(woken);
        stage.tell(0, Topic::state);
        CHECK(woken);
    }
}
