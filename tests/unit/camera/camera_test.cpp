#include "camera/camera.hpp"

#include <asio/co_spawn.hpp>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sys/resource.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <semaphore>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/running_clock.hpp"
#include "support/logged.hpp"
#include "support/sanitized.hpp"
#include "support/scripted_driver.hpp"
#include "support/test_loop.hpp"

using namespace onlooker;
using namespace onlooker::camera;
using namespace std::chrono_literals;
using test::captured;
using test::grey_picture;
using test::ScriptedDriver;

namespace {

struct Stage : test::TestLoop {
    Stage(ScriptedDriver::Script script, Supervision::Settings supervision = {}) {
        Camera::Settings settings;
        settings.name = "bed";
        settings.driver = settings.device = "scripted";
        settings.supervision = supervision;
        settings.feed.repeat_once_after = 20ms;
        settings.feed.repeat_every = 60ms;
        camera = std::make_unique<Camera>(loop.get_executor(), settings, [this, script] {
            ++drivers_made;
            return std::make_unique<ScriptedDriver>(script, 1000);
        });
    }
    ~Stage() {
        camera->close();
        run_until([this] { return ended() || leaves_a_driver_behind; });
    }

    bool ended() {
        bool done = false;
        asio::co_spawn(loop, camera->wait_closed(RunningClock::now()),
                       [&done](std::exception_ptr, bool closed) { done = closed; });
        loop.poll();
        return done;
    }

    std::atomic<int> drivers_made = 0;  // a script may read it on its capture thread
    bool leaves_a_driver_behind = false;
    std::unique_ptr<Camera> camera;
};

Generator<Captured> one_then_nothing(CaptureContext& context) {
    co_yield captured(grey_picture());
    while (context.sleep_until(SteadyClock::now() + 1h)) {
    }
}

// A driver may be stopped between two pictures: its device is closed by what goes with its frame.
class OpenDevice {
  public:
    explicit OpenDevice(std::atomic<int>& opened) : opened_(opened) { ++opened_; }
    OpenDevice(const OpenDevice&) = delete;
    OpenDevice& operator=(const OpenDevice&) = delete;
    ~OpenDevice() { --opened_; }

  private:
    std::atomic<int>& opened_;
};

Generator<Captured> counted(CaptureContext& context, std::atomic<int>& opened) {
    const OpenDevice device(opened);
    auto next = SteadyClock::now();
    do {
        co_yield captured(grey_picture());
        next += 2ms;
    } while (context.sleep_until(next));
}

Generator<Captured> fails_first(CaptureContext& context, std::atomic<int>& tries) {
    if (++tries < 3)
        throw CameraError(ErrorKind::busy, "another program has it");
    while (context.sleep_until(SteadyClock::now() + 2ms))
        co_yield captured(grey_picture());
}

Generator<Captured> one_large_then_unplugged(CaptureContext&) {
    const std::vector<std::byte> pixels(320 * 176, std::byte{0x40});
    media::RawImage image = grey_picture();
    image.width = 320;
    image.height = 176;
    image.planes[0] = {.data = pixels, .stride = 320};
    co_yield captured(image);
    throw CameraError(ErrorKind::unplugged, "the cable is out");
}

// What a device with three controls was asked for.
struct Console {
    bool has_seen(const std::string& text) {
        const std::lock_guard lock(mutex);
        return seen == text;
    }
    bool has_seen_first(const std::string& text) {
        const std::lock_guard lock(mutex);
        return seen.starts_with(text);
    }
    void forget() {
        const std::lock_guard lock(mutex);
        seen.clear();
    }
    void see(const ControlChange& change) {
        const std::lock_guard lock(mutex);
        seen += fmt::format("{}{}={}", seen.empty() ? "" : " ", change.id, change.value);
    }

    std::mutex mutex;
    std::string seen;
};

Generator<Captured> controlled(CaptureContext& context, Console& console) {
    std::vector<Control> controls(3);
    controls[0].id = "gain";
    controls[1].id = "focus";
    controls[2].id = "reset";
    controls[2].type = Control::Type::button;
    context.report_controls(controls);
    do {
        for (const ControlChange& change : context.take_control_changes())
            console.see(change);
        co_yield captured(grey_picture());
    } while (context.sleep_until(SteadyClock::now() + 1ms));
}

Generator<Captured> never_returns(CaptureContext&, std::shared_ptr<std::binary_semaphore> never) {
    never->acquire();
    co_return;
}

}  // namespace

TEST_SUITE("camera") {
    TEST_CASE("opens with the first viewer and closes after the last") {
        std::atomic<int> opened = 0;
        Stage stage([&opened](CaptureContext& context) { return counted(context, opened); },
                    {.idle_after = 30ms});
        stage.loop.poll();
        CHECK(stage.camera->state() == Supervision::State::idle);
        CHECK(opened == 0);
        {
            const Viewing viewing(stage.camera->feed(), {});
            REQUIRE(stage.run_until([&] { return stage.camera->feed().edition() >= 3; }));
            CHECK(stage.camera->live());
            CHECK(stage.camera->feed().viewers() == 1);
            CHECK(opened == 1);
        }
        CHECK(stage.camera->state() == Supervision::State::lingering);
        REQUIRE(stage.run_until([&] { return opened == 0; }));
        CHECK(stage.camera->state() == Supervision::State::idle);
        CHECK_FALSE(stage.camera->feed().showing());
        CHECK(stage.camera->feed().picture());

        const Viewing again(stage.camera->feed(), {});
        CHECK(stage.run_until([&] { return stage.camera->live(); }));
        CHECK(stage.drivers_made == 1);
    }

    TEST_CASE("viewers that come and go do not fill the log") {
        const test::Logged log;
        std::atomic<int> opened = 0;
        Stage stage([&opened](CaptureContext& context) { return counted(context, opened); },
                    {.idle_after = 0ms});
        for (int i = 0; i < 20; ++i) {
            {
                const Viewing viewing(stage.camera->feed(), {});
                REQUIRE(stage.run_until([&] { return stage.camera->live(); }));
            }
            REQUIRE(
                stage.run_until([&] { return stage.camera->state() == Supervision::State::idle; }));
        }
        CHECK(log.count("camera bed: live") >= 5);
        CHECK(log.lines().size() < 20);
    }

    TEST_CASE("the same frame is published again, once soon and then from time to time") {
        Stage stage(one_then_nothing);
        const Viewing viewing(stage.camera->feed(), {});
        REQUIRE(stage.run_until([&] { return stage.camera->feed().edition() == 1; }));
        const auto first = stage.camera->feed().edition_time();
        REQUIRE(stage.run_until([&] { return stage.camera->feed().edition() == 2; }));
        const auto second = stage.camera->feed().edition_time();
        REQUIRE(stage.run_until([&] { return stage.camera->feed().edition() == 3; }));
        CHECK(second - first >= 20ms);
        CHECK(stage.camera->feed().edition_time() - second >= 60ms);
        CHECK(stage.camera->feed().frame_edition() == 1);
        CHECK(stage.camera->counts().frames == 1);
        CHECK(stage.camera->frame_log().end() == 1);
    }

    TEST_CASE("the next frame is due a period after the last, once their rate is known") {
        std::atomic<int> opened = 0;
        Stage stage([&opened](CaptureContext& context) { return counted(context, opened); });
        const Viewing viewing(stage.camera->feed(), {});
        REQUIRE(stage.run_until([&] {
            const auto due = stage.camera->feed().next_frame_due();
            return due && *due < stage.camera->feed().edition_time() + 200ms;
        }));
        CHECK(stage.camera->feed().next_frame_due() > stage.camera->feed().edition_time());
    }

    TEST_CASE("no frame is due while the same one is published again") {
        Stage stage(&one_then_nothing);
        const Viewing viewing(stage.camera->feed(), {});
        REQUIRE(stage.run_until([&] { return stage.camera->feed().edition() >= 3; }));
        CHECK_FALSE(stage.camera->feed().next_frame_due());
    }

    TEST_CASE("nothing is repeated when nobody looks") {
        Stage stage(one_then_nothing, {.always_on = true});
        REQUIRE(stage.run_until([&] { return stage.camera->feed().edition() == 1; }));
        stage.loop.run_for(100ms);
        CHECK(stage.camera->feed().edition() == 1);
    }

    TEST_CASE("a fault is tried again, viewers stay, and the picture comes back by itself") {
        std::atomic<int> tries = 0;
        Stage stage([&tries](CaptureContext& context) { return fails_first(context, tries); },
                    {.retry_first = 5ms});
        const Viewing viewing(stage.camera->feed(), {});
        REQUIRE(stage.run_until([&] { return stage.camera->fault().has_value(); }));
        CHECK(stage.camera->fault()->kind == ErrorKind::busy);
        REQUIRE(stage.run_until([&] { return stage.camera->live(); }));
        CHECK(tries == 3);
        CHECK_FALSE(stage.camera->fault());
        CHECK(stage.camera->counts().faults == 1);
        CHECK(stage.camera->feed().viewers() == 1);
    }

    TEST_CASE("while there is a fault, a card is shown") {
        Stage stage([](CaptureContext&) -> Generator<Captured> {
            throw CameraError(ErrorKind::not_found, "there is no such device");
            co_return;
        });
        const Viewing viewing(stage.camera->feed(), {});
        REQUIRE(stage.run_until([&] { return stage.camera->feed().showing() != nullptr; }));
        CHECK(stage.camera->feed().showing()->is_card());
        CHECK_FALSE(stage.camera->feed().picture());
    }

    TEST_CASE("the card has the size of the camera's last picture") {
        Stage stage(one_large_then_unplugged);
        const Viewing viewing(stage.camera->feed(), {});
        REQUIRE(stage.run_until([&] { return stage.camera->fault().has_value(); }));
        REQUIRE(stage.camera->feed().picture());
        REQUIRE(stage.run_until([&] {
            return stage.camera->feed().showing() && stage.camera->feed().showing()->is_card();
        }));
        CHECK(stage.camera->feed().showing()->width() == 320);
        CHECK(stage.camera->feed().showing()->height() == 176);
    }

#if !ONLOOKER_SANITIZED
    TEST_CASE("without a descriptor left it is faulted, and comes back when there is one") {
        std::atomic<int> opened = 0;
        Stage stage([&opened](CaptureContext& context) { return counted(context, opened); },
                    {.retry_first = 5ms});
        rlimit before{};
        REQUIRE(::getrlimit(RLIMIT_NOFILE, &before) == 0);
        // The loop has its descriptors already; nobody gets another one.
        const rlimit none{.rlim_cur = 0, .rlim_max = before.rlim_max};
        REQUIRE(::setrlimit(RLIMIT_NOFILE, &none) == 0);
        const Viewing viewing(stage.camera->feed(), {});
        const bool faulted = stage.camera->fault().has_value();
        REQUIRE(::setrlimit(RLIMIT_NOFILE, &before) == 0);
        CHECK(faulted);
        CHECK(stage.run_until([&] { return stage.camera->live(); }));
    }

#endif

    TEST_CASE("a driver that hangs is left behind and another one made") {
        auto never = std::make_shared<std::binary_semaphore>(0);
        Stage stage([never](CaptureContext& context) { return never_returns(context, never); },
                    {.first_frame_within = 5ms,
                     .retry_first = 1ms,
                     .stop_within = 5ms,
                     .drivers_at_most = 1});
        const Viewing viewing(stage.camera->feed(), {});
        REQUIRE(stage.run_until([&] { return stage.drivers_made == 2; }));
        CHECK(stage.camera->state() == Supervision::State::faulted);

        // Its thread may still run when the program ends.
        stage.leaves_a_driver_behind = true;
        stage.camera->close();
        std::optional<bool> in_order;
        asio::co_spawn(stage.loop, stage.camera->wait_closed(RunningClock::now() + 1h),
                       [&in_order](std::exception_ptr, bool closed) { in_order = closed; });
        REQUIRE(stage.run_until([&] { return in_order.has_value(); }));
        CHECK_FALSE(*in_order);
        never->release();
    }

    TEST_CASE("a control that was changed is changed again with each opening, a button is not") {
        Console console;
        Stage stage([&console](CaptureContext& context) { return controlled(context, console); },
                    {.idle_after = 0ms});
        stage.camera->change_control({"gain", 7});  // nobody looks yet
        {
            const Viewing viewing(stage.camera->feed(), {});
            REQUIRE(stage.run_until([&] { return console.has_seen("gain=7"); }));
            REQUIRE(stage.run_until([&] { return stage.camera->controls().size() == 3; }));
            stage.camera->change_control({"reset", 1});
            stage.camera->change_control({"focus", 3});
            REQUIRE(stage.run_until([&] { return console.has_seen("gain=7 reset=1 focus=3"); }));
        }
        REQUIRE(stage.run_until([&] { return stage.ended(); }));
        stage.camera->change_control({"gain", 9});
        stage.camera->change_control({"reset", 1});
        console.forget();
        const Viewing viewing(stage.camera->feed(), {});
        REQUIRE(stage.run_until([&] { return console.has_seen("gain=9 focus=3"); }));
    }

    TEST_CASE("what was changed in an earlier run holds, and what is changed now is told") {
        Console console;
        const auto script = [&console](CaptureContext& context) {
            return controlled(context, console);
        };
        Stage stage(script, {.idle_after = 0ms});
        std::string told;
        Camera::Settings settings = stage.camera->settings();
        settings.kept_controls = {{"gain", 5}, {"nonesuch", 1}};
        settings.keep_control = [&told](const ControlChange& change) {
            told += fmt::format("{}={} ", change.id, change.value);
        };
        stage.camera = std::make_unique<Camera>(stage.loop.get_executor(), settings, [script] {
            return std::make_unique<ScriptedDriver>(script, 1000);
        });
        const Viewing viewing(stage.camera->feed(), {});
        REQUIRE(stage.run_until([&] { return stage.camera->controls().size() == 3; }));
        REQUIRE(stage.run_until([&] { return console.has_seen("gain=5 nonesuch=1"); }));
        for (const char* const id : {"focus", "reset", "nonesuch"})
            stage.camera->change_control({id, 2});
        CHECK(told == "focus=2 ");
    }

    TEST_CASE("what was changed holds for the driver that takes the place of one that hangs") {
        // A driver that was left behind may still run when the stage is gone: all of these
        // drivers own what they read.
        struct Shared {
            std::atomic<int> opened = 0;
            std::binary_semaphore never{0};
            Console console;
        };
        auto shared = std::make_shared<Shared>();
        auto never = std::shared_ptr<std::binary_semaphore>(shared, &shared->never);
        Stage stage(
            [shared, never](CaptureContext& context) {
                return ++shared->opened == 1 ? never_returns(context, never)
                                             : controlled(context, shared->console);
            },
            {.first_frame_within = 5ms, .retry_first = 1ms, .stop_within = 5ms});
        stage.leaves_a_driver_behind = true;
        const Viewing viewing(stage.camera->feed(), {});
        stage.camera->change_control({"gain", 7});
        // On a slow machine the second driver is late too, and a third says the same again.
        CHECK(stage.run_until([&] { return shared->console.has_seen_first("gain=7"); }));
        shared->never.release();
    }
}
