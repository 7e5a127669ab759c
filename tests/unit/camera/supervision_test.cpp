#include "camera/supervision.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

#include "supervision_scene.hpp"

using onlooker::camera::ErrorKind;
using onlooker::camera::Fault;
using onlooker::camera::Supervision;
using onlooker::test::unplugged;
using namespace std::chrono_literals;

namespace {

using State = Supervision::State;
using Scene = onlooker::test::SupervisionScene;

}  // namespace

TEST_SUITE("supervision") {
    TEST_CASE("nothing happens and nothing is to come while nobody looks") {
        Scene scene;
        CHECK(scene.viewers(0) == Supervision::Orders{});
        CHECK(scene.state() == State::idle);
        CHECK_FALSE(scene.supervision.next_deadline());
    }

    TEST_CASE("the first viewer opens the camera and the first frame makes it live") {
        Scene scene;
        CHECK(scene.viewers(1).open);
        CHECK(scene.state() == State::starting);
        scene.frame();
        CHECK(scene.state() == State::live);
        CHECK_FALSE(scene.viewers(2).open);
    }

    TEST_CASE("a frame that changes nothing gives no orders, not even empty ones") {
        Scene scene;
        scene.viewers(1);
        CHECK(scene.supervision.on_frame(scene.now).has_value());
        // The second one tells the rate, and with it when the next one is missed.
        scene.after(100ms);
        CHECK(scene.supervision.on_frame(scene.now) == Supervision::Orders{});
        for (int i = 0; i < 10; ++i) {
            scene.after(100ms);
            CHECK_FALSE(scene.supervision.on_frame(scene.now));
        }
        scene.ended(unplugged);
        scene.after(1s);
        CHECK(scene.supervision.on_frame(scene.now).has_value());
        CHECK_FALSE(scene.supervision.fault());
    }

    TEST_CASE("frames that come faster bring nearer when a camera counts as stalled, and say so") {
        Scene scene;
        scene.viewers(1);
        for (int i = 0; i < 5; ++i) {
            scene.frame();
            scene.after(1s);
        }
        CHECK_FALSE(scene.supervision.on_frame(scene.now));
        scene.after(33ms);
        CHECK(scene.supervision.on_frame(scene.now) == Supervision::Orders{});
    }

    TEST_CASE("it closes ten seconds after the last viewer, and not before") {
        Scene scene;
        scene.viewers(1);
        scene.frame();
        scene.viewers(0);
        CHECK(scene.state() == State::lingering);
        for (int i = 0; i < 99; ++i) {
            scene.frame();
            CHECK_FALSE(scene.after(100ms).stop);
        }
        scene.frame();
        CHECK(scene.after(100ms).stop);
        CHECK(scene.state() == State::idle);
        scene.ended();
        CHECK_FALSE(scene.supervision.driver_runs());
        CHECK_FALSE(scene.supervision.next_deadline());
    }

    TEST_CASE("a viewer in time keeps it open, and the ten seconds begin anew") {
        Scene scene;
        scene.viewers(1);
        scene.frame();
        scene.viewers(0);
        scene.after(1s);
        scene.viewers(1);
        CHECK(scene.state() == State::live);
        CHECK(scene.supervision.driver_runs());
    }

    TEST_CASE("a viewer who comes while the driver still stops gets it opened again") {
        Scene scene({.idle_after = 0ms});
        scene.viewers(1);
        scene.frame();
        CHECK(scene.viewers(0).stop);
        CHECK_FALSE(scene.viewers(1).open);
        CHECK(scene.ended().open);
        CHECK(scene.state() == State::starting);
    }

    TEST_CASE("an always-on camera opens by itself and never closes") {
        Scene scene({.always_on = true});
        CHECK(scene.viewers(0).open);
        scene.frame();
        CHECK_FALSE(scene.supervision.state() == State::idle);
        for (int i = 0; i < 100; ++i) {
            scene.frame();
            CHECK_FALSE(scene.after(1s).stop);
        }
    }

    TEST_CASE("a stall is two seconds for a fast camera") {
        Scene scene({.nominal_rate = 30});
        scene.viewers(1);
        scene.frame();
        CHECK_FALSE(scene.after(1999ms).stop);
        CHECK(scene.after(1ms).stop);
        CHECK(scene.state() == State::faulted);
        CHECK(scene.supervision.fault()->kind == ErrorKind::no_signal);
    }

    TEST_CASE("a stall is five frame times for a slow camera, by its word or as measured") {
        Scene by_word({.nominal_rate = 0.5});
        by_word.viewers(1);
        by_word.frame();
        CHECK_FALSE(by_word.after(9'999ms).stop);
        CHECK(by_word.after(1ms).stop);

        Scene measured;
        measured.viewers(1);
        for (int i = 0; i < 50; ++i) {
            measured.frame();
            measured.after(1s);
        }
        measured.frame();
        CHECK_FALSE(measured.after(4'900ms).stop);
        CHECK(measured.after(200ms).stop);
    }

    TEST_CASE("a camera that opens and sends nothing is a fault after ten seconds") {
        Scene scene;
        scene.viewers(1);
        CHECK(scene.after(2s).card_again);  // it says that it is starting
        CHECK(scene.supervision.wants_card());
        CHECK(scene.after(8s).stop);
        CHECK(scene.supervision.fault()->kind == ErrorKind::no_signal);
    }

    TEST_CASE("frames that were on their way when the driver was stopped change nothing") {
        Scene scene({.nominal_rate = 30});
        scene.viewers(1);
        scene.frame();
        scene.after(2s);
        scene.frame();
        CHECK(scene.state() == State::faulted);
    }

    TEST_CASE("a faulted camera that nobody looks at any more is left alone") {
        Scene scene;
        scene.viewers(1);
        scene.ended(unplugged);
        CHECK(scene.viewers(0).card_again);
        CHECK_FALSE(scene.supervision.wants_card());
        for (int i = 0; i < 30; ++i) {
            if (scene.after(500ms).open)
                scene.ended(unplugged);
        }
        CHECK(scene.state() == State::idle);
        CHECK_FALSE(scene.supervision.next_deadline());
    }

    TEST_CASE("a camera that changes is opened again for its viewers, once its driver has ended") {
        Scene scene;
        scene.viewers(1);
        scene.frame();
        const auto orders = scene.supervision.change({}, true, scene.now);
        CHECK(orders.stop);
        CHECK_FALSE(orders.open);
        CHECK_FALSE(scene.supervision.fault());
        CHECK(scene.ended().open);
        CHECK(scene.state() == State::starting);
    }

    TEST_CASE("a faulted camera that changes does not wait for its next try") {
        Scene scene;
        scene.viewers(1);
        scene.ended(unplugged);
        CHECK(scene.supervision.change({}, true, scene.now).open);
    }

    TEST_CASE("a camera that nobody looks at changes without being opened, until it is always on") {
        Scene scene;
        CHECK(scene.supervision.change({}, true, scene.now) == Supervision::Orders{});
        CHECK(scene.supervision.change({.always_on = true}, false, scene.now).open);
    }

    TEST_CASE("a new idle time counts for the viewer who has left before") {
        Scene scene;
        scene.viewers(1);
        scene.frame();
        scene.viewers(0);
        CHECK(scene.supervision.change({.idle_after = 0ms}, false, scene.now).stop);
    }

    TEST_CASE("closing stops the driver, and nothing opens it again") {
        Scene scene;
        scene.viewers(1);
        scene.frame();
        CHECK(scene.supervision.close(scene.now).stop);
        CHECK_FALSE(scene.ended().open);
        CHECK_FALSE(scene.viewers(2).open);
        CHECK_FALSE(scene.supervision.next_deadline());
    }
}
