#include "camera/supervision.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

using onlooker::camera::ErrorKind;
using onlooker::camera::Supervision;
using namespace std::chrono_literals;

namespace {

using State = Supervision::State;
using Fault = Supervision::Fault;

// A camera with a clock that is cranked by hand.
struct Scene {
    explicit Scene(Supervision::Settings settings = {}) : supervision(settings) {}

    Supervision::Orders viewers(std::size_t count) { return supervision.viewers(count, now); }
    Supervision::Orders frame() { return supervision.frame(now); }
    Supervision::Orders ended(std::optional<Fault> fault = {}) {
        return supervision.ended(fault, now);
    }
    Supervision::Orders after(std::chrono::milliseconds time) {
        now += time;
        return supervision.time_passed(now);
    }
    State state() const { return supervision.state(); }

    Supervision::Time now = Supervision::Time() + 1000s;
    Supervision supervision;
};

const Fault unplugged{ErrorKind::unplugged, "the cable is out"};

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

    TEST_CASE("a picture makes the next fault begin with the shortest wait again") {
        Scene scene;
        scene.viewers(1);
        for (int i = 0; i < 6; ++i) {
            scene.ended(unplugged);
            scene.after(30s);
        }
        CHECK(scene.frame().card_again);
        CHECK_FALSE(scene.supervision.wants_card());
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
        CHECK_FALSE(scene.supervision.retry_now(scene.now).open);
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

    TEST_CASE("frames that were on their way when the driver was stopped change nothing") {
        Scene scene({.nominal_rate = 30});
        scene.viewers(1);
        scene.frame();
        scene.after(2s);
        scene.frame();
        CHECK(scene.state() == State::faulted);
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
        CHECK(scene.supervision.retry_now(scene.now).open);
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
            const bool at_once = scene.supervision.retry_now(scene.now).open;
            const bool soon = scene.supervision.time_passed(scene.now).open;
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
        CHECK_FALSE(scene.supervision.retry_now(scene.now).open);
        CHECK(scene.supervision.next_deadline() == scene.now + 150ms);
        CHECK(scene.after(150ms).open);
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
