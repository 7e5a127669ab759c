// What is on show while a camera has a fault: its last picture, or a card that says why.
#include <doctest/doctest.h>

#include <chrono>
#include <string>

#include "camera/supervision.hpp"
#include "supervision_scene.hpp"

using onlooker::camera::ErrorKind;
using onlooker::camera::Fault;
using onlooker::camera::Supervision;
using onlooker::test::unplugged;
using namespace std::chrono_literals;

namespace {

using State = Supervision::State;
using Scene = onlooker::test::SupervisionScene;

const Fault broken_off{ErrorKind::failed, "the connection broke"};

void give_pictures(Scene& scene) {
    scene.viewers(1);
    scene.frame();
    scene.after(100ms);
    scene.frame();
}

}  // namespace

TEST_SUITE("supervision, what is on show") {
    TEST_CASE("a fault leaves the last picture on show until the stall time") {
        Scene scene({.nominal_rate = 30});
        give_pictures(scene);
        CHECK_FALSE(scene.ended(broken_off).card_again);
        CHECK(scene.supervision.fault() == broken_off);
        CHECK_FALSE(scene.supervision.wants_card());
        CHECK_FALSE(scene.after(1999ms).card_again);
        scene.ended(broken_off);
        CHECK(scene.supervision.next_deadline() == scene.now + 1ms);
        CHECK(scene.after(1ms).card_again);
        CHECK(scene.supervision.wants_card());
    }

    TEST_CASE("a camera that is back before the stall time has shown no card") {
        Scene scene({.nominal_rate = 30});
        give_pictures(scene);
        scene.ended(broken_off);
        CHECK(scene.after(500ms).open);
        CHECK_FALSE(scene.frame().card_again);
        CHECK(scene.state() == State::live);
        CHECK_FALSE(scene.after(1600ms).card_again);
    }

    TEST_CASE("the stall time of a slow camera is its own") {
        Scene scene({.nominal_rate = 0.1});
        give_pictures(scene);
        scene.ended(broken_off);
        for (int second = 0; second < 49; ++second) {
            if (scene.after(1s).open)
                scene.ended(broken_off);
            CHECK_FALSE(scene.supervision.wants_card());
        }
        scene.after(1s);
        CHECK(scene.supervision.wants_card());
    }

    TEST_CASE("who is known to be gone is shown as gone at once") {
        Scene scene({.nominal_rate = 30});
        give_pictures(scene);
        CHECK(scene.ended(unplugged).card_again);
        CHECK(scene.supervision.wants_card());
        CHECK(scene.supervision.picture_until() <= scene.now);
    }

    TEST_CASE("a camera that was closed shows the next viewer no picture of before") {
        Scene scene({.idle_after = 0ms, .nominal_rate = 30});
        give_pictures(scene);
        scene.viewers(0);
        scene.ended();
        scene.viewers(1);
        CHECK(scene.ended(broken_off).card_again);
    }

    TEST_CASE("until when the last picture counts is known, whether it is open or closed") {
        Scene scene({.idle_after = 0ms, .nominal_rate = 30});
        give_pictures(scene);
        const auto until = scene.now + 2s;
        CHECK(scene.supervision.picture_until() == until);
        scene.viewers(0);
        CHECK(scene.state() == State::idle);
        CHECK(scene.supervision.picture_until() == until);
        scene.ended();
        scene.after(1s);
        scene.viewers(1);
        CHECK(scene.supervision.picture_until() == until);
    }

    TEST_CASE("after one picture of a camera of unknown rate a second one is waited for longer") {
        Scene scene;
        scene.viewers(1);
        scene.frame();
        CHECK_FALSE(scene.after(4'999ms).stop);
        CHECK(scene.after(1ms).stop);
    }

    TEST_CASE("what is known of why no picture comes is the fault, and not its silence") {
        Scene scene;
        scene.viewers(1);
        scene.supervision.on_silence("its pictures are refused");
        scene.after(10s);
        CHECK(scene.supervision.fault() == Fault{ErrorKind::failed, "its pictures are refused"});

        Scene later({.nominal_rate = 30});
        give_pictures(later);
        later.supervision.on_silence("its pictures are refused");
        later.after(2s);
        CHECK(later.supervision.fault()->words == "its pictures are refused");
    }

    TEST_CASE("what was said before the last picture is not why it stopped") {
        Scene scene({.nominal_rate = 30});
        give_pictures(scene);
        scene.supervision.on_silence("its pictures are refused");
        scene.frame();
        scene.after(2s);
        CHECK(scene.supervision.fault() ==
              Fault{ErrorKind::no_signal, "it has stopped sending pictures"});
    }
}
