// What every driver keeps to, whatever is behind it: the rules of camera/driver.hpp, as checks.
//
// A driver's test describes it (driver_subject.hpp) and calls check_driver_contract(). The checks
// run the driver as the capture thread does: one thread, one generator at a time.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <exception>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

#include "camera/driver.hpp"
#include "support/driver_run.hpp"
#include "support/driver_subject.hpp"
#include "support/fake_capture_context.hpp"
#include "support/resources.hpp"

namespace onlooker::test {

namespace contract {

// From asking a driver to stop to its end, at any moment.
constexpr std::chrono::milliseconds longest_stop{200};

// To the first picture, and from one to the next: a driver that stutters is no live camera.
constexpr std::chrono::milliseconds longest_wait{1000};

inline bool is_whole(const media::Picture& picture) {
    if (const auto* jpeg = std::get_if<media::JpegImage>(&picture))
        return jpeg->data.size() > 4 && jpeg->data[0] == std::byte{0xFF} &&
               jpeg->data[1] == std::byte{0xD8};
    const auto& raw = std::get<media::RawImage>(picture);
    return raw.width > 0 && raw.height > 0 && raw.planes[0].stride > 0 &&
           raw.planes[0].data.size() >= raw.planes[0].stride * (raw.height - 1);
}

// In a form that doctest prints.
inline auto milliseconds(SteadyClock::duration time) {
    return std::chrono::ceil<std::chrono::milliseconds>(time).count();
}

inline void gives_first_and_steady_frames(const DriverSubject& subject) {
    const auto driver = subject.make();
    DriverRun run(subject, *driver);
    auto previous = SteadyTime::min();
    const camera::Captured* captured = run.first();
    SteadyClock::duration waited = run.time_to_first();
    for (int i = 0; i < subject.steady_frames; ++i) {
        REQUIRE(captured);
        CHECK(milliseconds(waited) < longest_wait.count());
        CHECK(is_whole(captured->picture));
        const auto taken = captured->captured.value_or(SteadyClock::now());
        CHECK(taken <= SteadyClock::now());
        CHECK(taken >= previous);
        previous = taken;
        const auto asked = SteadyClock::now();
        captured = run.next();
        waited = SteadyClock::now() - asked;
    }
}

// Asked to stop `after` so long, it ends by returning, in time.
inline void stops(const DriverSubject& subject, std::chrono::milliseconds after) {
    CAPTURE(after.count());
    const auto driver = subject.make();
    FakeCaptureContext context;
    SteadyTime asked;
    SteadyTime ended;
    std::optional<camera::CameraError> error;
    {
        std::jthread capture([&] {
            auto pictures = driver->frames(context);
            error = end_of(pictures);
            pictures = {};
            ended = SteadyClock::now();
        });
        std::this_thread::sleep_for(after);
        asked = SteadyClock::now();
        context.request_stop();
    }
    if (error)
        CHECK_MESSAGE(subject.start_attempts > 1, error->what());
    CHECK(milliseconds(ended - asked) < longest_stop.count());
}

inline void ends_at_once_when_stopped_before(const DriverSubject& subject) {
    const auto driver = subject.make();
    FakeCaptureContext context;
    context.request_stop();
    const auto begin = SteadyClock::now();
    auto pictures = driver->frames(context);
    // One picture may have been on its way.
    if (pictures.next())
        CHECK(pictures.next() == nullptr);
    CHECK(milliseconds(SteadyClock::now() - begin) < longest_stop.count());
}

inline void survives_unknown_controls(const DriverSubject& subject) {
    const auto driver = subject.make();
    DriverRun run(subject, *driver);
    run.context.change_control("no_such_control", 1);
    for (const auto& control : run.context.controls())
        if (control.type == camera::Control::Type::integer && !control.read_only)
            run.context.change_control(control.id, control.fallback);
    CHECK(run.next());
    CHECK(run.next());
}

// Where there is no choice, as with the only control of libcamera's virtual cameras, there is
// nothing to set.
inline bool can_be_set(const camera::Control& control) {
    using enum camera::Control::Type;
    if (control.read_only || control.type == button || control.type == text)
        return false;
    return control.type == menu ? control.menu.size() > 1 : control.minimum < control.maximum;
}

inline void has_no_controls(const DriverSubject& subject) {
    MESSAGE(subject.name << " has no control to set: " << std::get<Without>(subject.control).why());
    const auto driver = subject.make();
    DriverRun run(subject, *driver);
    REQUIRE(run.next());
    CHECK(std::ranges::none_of(run.context.controls(), can_be_set));
}

inline bool has_value(const DriverRun& run, const ChangeableControl& control, double value) {
    const camera::Control* told = run.context.control(control.id);
    return told && told->value == value && (!control.in_device || control.in_device() == value);
}

// Whether a change is told, and in the device, after at most so many pictures, which may have been
// under way.
inline bool takes(DriverRun& run, const ChangeableControl& control, double value) {
    constexpr int most_pictures = 10;
    run.context.change_control(control.id, value);
    for (int i = 0; i < most_pictures && !has_value(run, control, value); ++i)
        REQUIRE(run.next());
    return has_value(run, control, value);
}

// At run time; and with a start, for which the program asks again for what was set before
// (camera/control_wishes.hpp), since a device may have forgotten it: from the first picture on.
inline void sets_its_control(const DriverSubject& subject, const ChangeableControl& control) {
    CAPTURE(control.id);
    const auto driver = subject.make();
    double original = 0;
    {
        DriverRun run(subject, *driver);
        const camera::Control* told = run.context.control(control.id);
        REQUIRE(told);
        original = told->value;
        REQUIRE(original != control.value);
        CHECK(takes(run, control, control.value));
        CHECK(takes(run, control, original));
    }
    DriverRun run(subject, *driver, {{control.id, control.value}});
    CHECK(has_value(run, control, control.value));
    REQUIRE(run.next());
    CHECK(has_value(run, control, control.value));
    CHECK(takes(run, control, original));
}

// Unplugged from here on until it is put back, or until the end of a test that failed.
class Unplugged {
  public:
    explicit Unplugged(const Plug& plug) : plug_(plug) { plug_.unplug(); }
    Unplugged(const Unplugged&) = delete;
    Unplugged& operator=(const Unplugged&) = delete;
    ~Unplugged() {
        if (!back_)
            plug_.replug();
    }
    void replug() {
        back_ = true;
        plug_.replug();
    }

  private:
    const Plug& plug_;
    bool back_ = false;
};

inline void check_error(const std::optional<camera::CameraError>& error, camera::ErrorKind kind) {
    REQUIRE_MESSAGE(error, "it did not notice that its device is away");
    CHECK_MESSAGE(error->kind() == kind, error->what());
    CHECK(!std::string(error->what()).empty());
}

// Tried again as the program does; the device may need a moment.
inline bool comes_back(const DriverSubject& subject, camera::Driver& driver,
                       std::chrono::milliseconds limit) {
    using namespace std::chrono_literals;
    const auto until = SteadyClock::now() + limit;
    while (SteadyClock::now() < until) {
        FakeCaptureContext context;
        const Patience patience(
            context, std::chrono::ceil<std::chrono::milliseconds>(until - SteadyClock::now()));
        auto pictures = driver.frames(context);
        try {
            return pictures.next() != nullptr;
        } catch (const camera::CameraError& error) {
            MESSAGE(subject.name << ": " << std::string(error.what()));
            std::this_thread::sleep_for(20ms);
        }
    }
    return false;
}

inline void is_unplugged(const DriverSubject& subject, const Plug& plug, camera::Driver& driver) {
    std::optional<DriverRun> run(std::in_place, subject, driver);
    Unplugged device(plug);
    const auto gone = SteadyClock::now();
    check_error(run->end_within(2 * plug.noticed_within), plug.ends_with);
    run.reset();
    CHECK(milliseconds(SteadyClock::now() - gone) < plug.noticed_within.count());
    {
        FakeCaptureContext context;
        const Patience patience(context, plug.noticed_within);
        auto pictures = driver.frames(context);
        check_error(end_of(pictures), plug.missing);
    }
    device.replug();
    CHECK(comes_back(subject, driver, plug.back_within));
}

// A stop in the very moment of the unplugging: it may end by either.
inline void stops_while_unplugged(const DriverSubject& subject, const Plug& plug,
                                  std::chrono::milliseconds after) {
    CAPTURE(after.count());
    const auto driver = subject.make();
    std::optional<DriverRun> run;
    SteadyTime asked;
    SteadyTime ended;
    {
        std::optional<Unplugged> device;
        std::promise<void> begun;
        std::jthread capture([&] {
            try {
                run.emplace(subject, *driver);
                begun.set_value();
            } catch (...) {
                begun.set_exception(std::current_exception());
                return;
            }
            end_of(run->pictures);
            run->pictures = {};
            ended = SteadyClock::now();
        });
        begun.get_future().get();
        device.emplace(plug);
        std::this_thread::sleep_for(after);
        asked = SteadyClock::now();
        run->context.request_stop();
    }
    CHECK(milliseconds(ended - asked) < longest_stop.count());
    CHECK(comes_back(subject, *driver, plug.back_within));
}

inline void survives_unplugging(const DriverSubject& subject, const Plug& plug) {
    using namespace std::chrono_literals;
    const auto driver = subject.make();
    leaves_nothing_behind(plug.times, [&] { is_unplugged(subject, plug, *driver); });
    for (const auto after : {0ms, 3ms, 30ms})
        stops_while_unplugged(subject, plug, after);
}

inline void restarts_without_a_leak(const DriverSubject& subject) {
    const auto driver = subject.make();
    leaves_nothing_behind(subject.restarts, [&] { const DriverRun run(subject, *driver); });
}

}  // namespace contract

inline void check_driver_contract(const DriverSubject& subject) {
    using namespace std::chrono_literals;
    CAPTURE(subject.name);
    contract::gives_first_and_steady_frames(subject);
    contract::ends_at_once_when_stopped_before(subject);
    for (const auto after : {0ms, 1ms, 3ms, 10ms, 20ms, 50ms, 120ms, 333ms})
        contract::stops(subject, after);
    contract::survives_unknown_controls(subject);
    if (const auto* control = std::get_if<ChangeableControl>(&subject.control))
        contract::sets_its_control(subject, *control);
    else
        contract::has_no_controls(subject);
    if (const auto* plug = std::get_if<Plug>(&subject.plug))
        contract::survives_unplugging(subject, *plug);
    else
        MESSAGE(subject.name << " is not unplugged: " << std::get<Without>(subject.plug).why());
    contract::restarts_without_a_leak(subject);
}

}  // namespace onlooker::test
