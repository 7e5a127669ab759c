// When a camera that failed is tried again, and when no more.
#include <doctest/doctest.h>

#include <chrono>
#include <cstddef>
#include <optional>
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

const Fault refused{ErrorKind::no_permission, "it refuses the login",
                    onlooker::camera::Retry::locks_out};

}  // namespace

TEST_SUITE("supervision, trying again") {
    TEST_CASE("an error is tried again after 0.5 s, then less often, at most every 30 s") {
        Scene scene;
        scene.viewers(1);
        CHECK(scene.ended(unplugged).card_again);
        CHECK(scene.state() == State::faulted);
        CHECK(scene.supervision.retry_at() == scene.now + 500ms);
        CHECK_FALSE(scene.after(499ms).open);
        CHECK(scene.after(1ms).open);
        auto longest = 0ms;
        for (int i = 0; i < 12; ++i) {
            scene.ended(unplugged);
            const auto wait = std::chrono::duration_cast<std::chrono::milliseconds>(
                *scene.supervision.retry_at() - scene.now);
            longest = std::max(longest, wait);
            CHECK(wait <= 30s);
            CHECK(scene.after(wait).open);
        }
        CHECK(longest > 20s);
    }

    TEST_CASE("pictures for five seconds make the next fault begin with the shortest wait again") {
        Scene scene;
        scene.viewers(1);
        for (int i = 0; i < 6; ++i) {
            scene.ended(unplugged);
            scene.after(30s);
        }
        CHECK(scene.frame().card_again);
        CHECK_FALSE(scene.supervision.wants_card());
        for (int i = 0; i < 5; ++i) {
            scene.after(1s);
            scene.frame();
        }
        scene.ended(unplugged);
        CHECK(scene.supervision.retry_at() == scene.now + 500ms);
    }

    TEST_CASE("a camera that gives one picture and dies, each time, is tried less and less often") {
        for (const Fault& fault : {unplugged, Fault{ErrorKind::failed, "it broke"}}) {
            Scene scene;
            scene.viewers(1);
            auto wait = 0ms;
            for (int i = 0; i < 10; ++i) {
                scene.frame();
                scene.ended(fault);
                wait = std::chrono::duration_cast<std::chrono::milliseconds>(
                    *scene.supervision.retry_at() - scene.now);
                CHECK(scene.after(wait).open);
            }
            CHECK(wait > 20s);
        }
    }

    TEST_CASE("a camera that gives one picture and then nothing is tried less and less often") {
        Scene scene;
        scene.viewers(1);
        for (int i = 0; i < 10; ++i) {
            scene.frame();
            CHECK(scene.after(5s).stop);
            const auto wait = std::chrono::duration_cast<std::chrono::milliseconds>(
                *scene.supervision.retry_at() - scene.now);
            CHECK((i < 7 || wait > 20s));
            scene.ended();
            CHECK(scene.after(wait).open);
        }
    }

    TEST_CASE("who comes and goes does not shorten the waits, but a minute without anybody does") {
        Scene scene({.idle_after = 0ms});
        for (int i = 0; i < 8; ++i) {
            scene.viewers(1);
            scene.ended(unplugged);
            scene.viewers(0);
            scene.after(100ms);
        }
        scene.viewers(1);
        scene.ended(unplugged);
        CHECK(*scene.supervision.retry_at() - scene.now > 20s);
        scene.viewers(0);
        scene.after(1min);
        CHECK(scene.viewers(1).open);
        scene.ended(unplugged);
        CHECK(scene.supervision.retry_at() == scene.now + 500ms);
    }

    TEST_CASE("the card is told of another fault, and of each new time of the next try") {
        Scene scene;
        scene.viewers(1);
        CHECK(scene.ended(unplugged).card_again);
        for (int i = 0; i < 6; ++i) {
            const auto try_at = *scene.supervision.retry_at();
            const auto wait = std::chrono::ceil<std::chrono::milliseconds>(try_at - scene.now);
            CHECK_FALSE(scene.after(wait - 1ms).card_again);
            CHECK_FALSE(scene.after(1ms).card_again);  // the try itself
            CHECK(scene.ended(unplugged).card_again);
            CHECK(*scene.supervision.retry_at() > try_at);
        }
        scene.after(30s);
        CHECK(scene.ended(Fault{ErrorKind::busy, "taken"}).card_again);
    }

    TEST_CASE("a driver that does not stop is abandoned and replaced, a few times at most") {
        Scene scene({.drivers_at_most = 2});
        scene.viewers(1);
        int abandoned = 0;
        for (int i = 0; i < 400; ++i) {
            if (scene.after(500ms).abandon)
                ++abandoned;
        }
        CHECK(abandoned == 2);
        CHECK(scene.supervision.given_up());
        CHECK_FALSE(scene.supervision.next_deadline());
        CHECK_FALSE(scene.supervision.on_device_appeared(scene.now).open);
    }

    TEST_CASE("a driver that hangs is not replaced more often because viewers come and go") {
        Scene scene({.idle_after = 0ms, .drivers_at_most = 2});
        int opened = 0;
        for (int i = 0; i < 10; ++i) {
            opened += scene.viewers(1).open ? 1 : 0;
            scene.viewers(0);
            opened += scene.after(5s).open ? 1 : 0;
        }
        CHECK(opened == 2);

        CHECK(scene.viewers(1).card_again);
        CHECK(scene.state() == State::faulted);
        REQUIRE(scene.supervision.fault());
        CHECK(scene.supervision.fault()->words.find("restart the server") != std::string::npos);
        CHECK_FALSE(scene.supervision.next_deadline());
    }

    TEST_CASE("who waits for a driver that still stops gets no further one after the last") {
        Scene scene({.idle_after = 0ms, .drivers_at_most = 1});
        scene.viewers(1);
        CHECK(scene.viewers(0).stop);
        scene.viewers(1);
        const auto orders = scene.after(5s);
        CHECK(orders.abandon);
        CHECK_FALSE(orders.open);
        CHECK(orders.card_again);
        CHECK(scene.supervision.wants_card());
    }

    TEST_CASE("a device that appears is tried at once, and again soon") {
        Scene scene;
        scene.viewers(1);
        for (int i = 0; i < 6; ++i) {
            scene.ended(unplugged);
            scene.after(30s);
        }
        scene.ended(unplugged);
        scene.now += 1s;
        CHECK(scene.supervision.on_device_appeared(scene.now).open);
        scene.ended(Fault{ErrorKind::no_permission, "not yet"});
        CHECK(scene.supervision.retry_at() == scene.now + 500ms);
    }

    TEST_CASE("however often something appears, two tries are 200 ms apart") {
        Scene scene;
        scene.viewers(1);
        scene.ended(unplugged);
        int opened = 0;
        for (int i = 0; i < 1000; ++i) {
            scene.now += 1ms;
            const bool at_once = scene.supervision.on_device_appeared(scene.now).open;
            const bool soon = scene.supervision.on_time(scene.now).open;
            opened += at_once || soon ? 1 : 0;
            if (at_once || soon)
                scene.ended(unplugged);
        }
        CHECK(opened == 5);
    }

    TEST_CASE("what appears right after a try is tried 200 ms after it, and not forgotten") {
        Scene scene;
        scene.viewers(1);
        for (int i = 0; i < 6; ++i) {
            scene.ended(unplugged);
            scene.after(30s);
        }
        scene.ended(unplugged);
        scene.now += 50ms;
        CHECK_FALSE(scene.supervision.on_device_appeared(scene.now).open);
        CHECK(scene.supervision.next_deadline() == scene.now + 150ms);
        CHECK(scene.after(150ms).open);
    }

    TEST_CASE("a refused login is tried again after 30 s, and then less and less often") {
        Scene scene;
        scene.viewers(1);
        scene.ended(refused);
        CHECK(scene.supervision.retry_at() == scene.now + 30s);
        auto before = 30'000ms;
        for (int i = 0; i < 6; ++i) {
            CHECK(scene.after(before).open);
            scene.ended(refused);
            const auto wait = std::chrono::duration_cast<std::chrono::milliseconds>(
                *scene.supervision.retry_at() - scene.now);
            CHECK(wait <= 8min);
            CHECK((wait > before || wait >= 6min));
            before = wait;
        }
        CHECK(before >= 6min);
    }

    TEST_CASE("viewers who come and go do not cut short the wait after a refused login") {
        Scene scene({.idle_after = 0ms});
        scene.viewers(1);
        scene.ended(refused);
        for (int second = 1; second < 30; ++second) {
            CHECK_FALSE(scene.viewers(0).open);
            CHECK(scene.state() == State::idle);
            CHECK_FALSE(scene.after(1s).open);
            const auto orders = scene.viewers(1);
            CHECK_FALSE(orders.open);
            CHECK(orders.card_again);
            CHECK(scene.supervision.fault() == refused);
        }
        CHECK(scene.after(1s).open);
        scene.ended(refused);
        CHECK(*scene.supervision.retry_at() - scene.now > 40s);
    }

    TEST_CASE("one picture does not make a refused login be tried sooner") {
        Scene scene;
        scene.viewers(1);
        scene.ended(refused);
        scene.after(30s);
        scene.frame();
        scene.ended(refused);
        CHECK(*scene.supervision.retry_at() - scene.now > 40s);
    }

    TEST_CASE("what is said of the tries to come is what happens") {
        Scene scene;
        scene.viewers(1);
        for (int i = 0; i < 7; ++i) {
            scene.ended(unplugged);
            CHECK(scene.supervision.retry_outlook() ==
                  (i < 6 ? "then less often" : "then about as often"));
            scene.after(30s);
        }
        scene.ended(refused);
        CHECK(scene.supervision.retry_outlook() == "then less often");
        scene.after(30s);
        scene.ended(Fault{ErrorKind::no_signal, "no signal"});
        CHECK(scene.supervision.retry_outlook() == "then after a second each time");
    }

    TEST_CASE("without a signal it looks every second") {
        Scene scene;
        scene.viewers(1);
        for (int i = 0; i < 8; ++i) {
            scene.ended(Fault{ErrorKind::no_signal, "no signal"});
            CHECK(*scene.supervision.retry_at() - scene.now <= 1s);
            CHECK(scene.after(1s).open);
        }
    }
}
