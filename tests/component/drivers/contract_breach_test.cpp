// The contract itself: a driver that breaks one of its rules is found out. Each of these cases is
// right when its checks fail, which doctest then reports as expected.
#include <fcntl.h>

#include <doctest/doctest.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.hpp"
#include "base/unique_fd.hpp"
#include "support/driver_contract.hpp"
#include "support/sanitized.hpp"

using namespace onlooker;
using namespace std::chrono_literals;
using camera::CameraError;
using camera::CaptureContext;
using camera::Captured;
using camera::ErrorKind;

namespace {

enum class Breach : std::uint8_t {
    none,
    stutters,
    does_not_notice,
    blames_another,
    waits_for_the_device,
    stays_away,
    minds_no_stop_when_unplugged,
    leaves_a_descriptor,
    leaves_a_thread,
    leaves_memory,
    only_says_it_sets,
    does_not_say_it_sets,
    forgets_what_waits,
    hides_a_control,
};

// A device that can be unplugged, with one control, and what a bad driver has left behind of it.
struct Desk {
    bool plugged_in = true;
    bool was_away = false;
    double gain = 1;
    std::vector<UniqueFd> descriptors;
    std::vector<std::jthread> threads;
    std::vector<std::unique_ptr<char[]>> memory;
};

class BreachingDriver final : public camera::Driver {
  public:
    BreachingDriver(Desk& desk, Breach breach) : desk_(desk), breach_(breach) {}

    Generator<Captured> frames(CaptureContext& context) override {
        open(context);
        if (breach_ == Breach::forgets_what_waits)
            context.take_control_changes();
        const std::vector<std::byte> grey(16 * 16);
        Captured captured;
        captured.picture =
            media::RawImage{media::PixelFormat::grey, 16, 16, {media::Plane{grey, 16}}, true};
        while (!context.stop_requested()) {
            set_gain(context);
            co_yield captured;
            std::this_thread::sleep_for(is(Breach::stutters) ? 1100ms : 0ms);
            context.sleep_until(SteadyClock::now() + 1ms);
            if (!desk_.plugged_in)
                go_away(context);
        }
    }

  private:
    bool is(Breach breach) const noexcept { return breach_ == breach; }

    void open(CaptureContext& context) {
        while (is(Breach::waits_for_the_device) && !desk_.plugged_in && !context.stop_requested())
            context.sleep_until(SteadyClock::now() + 1ms);
        if (!desk_.plugged_in && !is(Breach::does_not_notice) && !context.stop_requested())
            throw CameraError(ErrorKind::not_found, "it is not there");
        if (is(Breach::stays_away) && desk_.was_away)
            throw CameraError(ErrorKind::busy, "it is in use");
    }

    void set_gain(CaptureContext& context) {
        camera::Control gain;
        gain.id = "gain";
        gain.maximum = 10;
        for (const auto& change : context.take_control_changes())
            if (change.id == gain.id) {
                said_ = change.value;
                if (!is(Breach::only_says_it_sets))
                    desk_.gain = change.value;
            }
        gain.value = is(Breach::only_says_it_sets) ? said_ : desk_.gain;
        if (is(Breach::does_not_say_it_sets))
            gain.value = 1;
        context.report_controls({gain});
    }

    void go_away(CaptureContext& context) {
        desk_.was_away = true;
        if (is(Breach::does_not_notice))
            return;
        if (is(Breach::leaves_a_descriptor))
            desk_.descriptors.emplace_back(::open("/dev/null", O_RDONLY | O_CLOEXEC));
        if (is(Breach::leaves_a_thread))
            desk_.threads.emplace_back([](const std::stop_token& over) {
                while (!over.stop_requested())
                    std::this_thread::sleep_for(1ms);
            });
        if (is(Breach::leaves_memory))
            desk_.memory.push_back(std::make_unique<char[]>(1000));
        if (is(Breach::minds_no_stop_when_unplugged)) {
            std::this_thread::sleep_for(10ms);
            if (context.stop_requested())
                std::this_thread::sleep_for(300ms);
        }
        throw CameraError(is(Breach::blames_another) ? ErrorKind::failed : ErrorKind::unplugged,
                          "it was unplugged");
    }

    Desk& desk_;
    const Breach breach_;
    double said_ = 1;
};

void check(Breach breach) {
    Desk desk;
    test::Plug plug;
    plug.unplug = [&] { desk.plugged_in = false; };
    plug.replug = [&] { desk.plugged_in = true; };
    plug.noticed_within = plug.back_within = 100ms;
    plug.times = 3;
    test::DriverSubject subject{
        .name = "a driver with a breach",
        .make = [&] { return std::make_unique<BreachingDriver>(desk, breach); },
        .plug = plug,
        .control = test::ChangeableControl{"gain", 2, [&] { return desk.gain; }},
        .restarts = 10,
    };
    if (breach == Breach::hides_a_control)
        subject.control = test::Without("it says");
    test::check_driver_contract(subject);
}

}  // namespace

TEST_SUITE("driver contract, broken") {
    TEST_CASE("a driver without a breach keeps it") {
        check(Breach::none);
    }

    TEST_CASE("pictures seconds apart" * doctest::should_fail()) {
        check(Breach::stutters);
    }
    TEST_CASE("unplugging that is not noticed" * doctest::should_fail()) {
        check(Breach::does_not_notice);
    }
    TEST_CASE("unplugging that is called something else" * doctest::should_fail()) {
        check(Breach::blames_another);
    }
    TEST_CASE("a start that waits for a device" * doctest::should_fail()) {
        check(Breach::waits_for_the_device);
    }
    TEST_CASE("no pictures after replugging" * doctest::should_fail()) {
        check(Breach::stays_away);
    }
    TEST_CASE("a stop that is not minded when unplugged" * doctest::should_fail()) {
        check(Breach::minds_no_stop_when_unplugged);
    }
    TEST_CASE("a descriptor left behind by unplugging" * doctest::should_fail()) {
        check(Breach::leaves_a_descriptor);
    }
    TEST_CASE("a thread left behind by unplugging" * doctest::should_fail()) {
        check(Breach::leaves_a_thread);
    }
    // A sanitizer has an allocator of its own, which does not tell how much is in use.
    TEST_CASE("memory left behind by unplugging" * doctest::should_fail() *
              doctest::skip(ONLOOKER_SANITIZED)) {
        check(Breach::leaves_memory);
    }
    TEST_CASE("a control that is told as set, and is not" * doctest::should_fail()) {
        check(Breach::only_says_it_sets);
    }
    TEST_CASE("a control that is set, and not told" * doctest::should_fail()) {
        check(Breach::does_not_say_it_sets);
    }
    TEST_CASE("what was set before, not set with a start" * doctest::should_fail()) {
        check(Breach::forgets_what_waits);
    }
    TEST_CASE("a control that the test knows nothing of" * doctest::should_fail()) {
        check(Breach::hides_a_control);
    }
}
