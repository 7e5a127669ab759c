// A camera with controls, for tests: brightness (0 to 255), gain (0 to 100 in steps of 5),
// a switch, a menu, a button, and one that takes what it likes.
#pragma once

#include <algorithm>
#include <chrono>
#include <vector>

#include "camera/driver.hpp"
#include "support/scripted_driver.hpp"

namespace onlooker::test {

inline std::vector<camera::Control> some_controls() {
    using Type = camera::Control::Type;
    const auto control = [](const char* id, const char* name, Type type, double most, double step,
                            double fallback) {
        camera::Control made;
        made.id = id;
        made.name = name;
        made.type = type;
        made.maximum = most;
        made.step = step;
        made.fallback = made.value = fallback;
        return made;
    };
    std::vector<camera::Control> controls{
        control("brightness", "Brightness", Type::integer, 255, 1, 128),
        control("gain", "Gain", Type::integer, 100, 5, 10),
        control("auto_exposure", "Auto Exposure", Type::menu, 3, 1, 3),
        control("auto_focus", "Auto Focus", Type::boolean, 1, 1, 1),
        control("reset", "Reset", Type::button, 0, 0, 0),
        control("stubborn", "Stubborn", Type::real, 1, 0.1, 0.5)};
    controls[2].menu = {{.value = 1, .name = "Manual Mode"}, {.value = 3, .name = "Aperture"}};
    return controls;
}

// "stubborn" stays as it is.
inline Generator<camera::Captured> controlled_pictures(camera::CaptureContext& context) {
    std::vector<camera::Control> controls = some_controls();
    context.report_controls(controls);
    auto next = SteadyClock::now();
    do {
        co_yield captured(grey_picture());
        const auto changes = context.take_control_changes();
        for (const camera::ControlChange& change : changes) {
            const auto control = std::ranges::find(controls, change.id, &camera::Control::id);
            if (control != controls.end() && control->id != "stubborn")
                control->value = change.value;
        }
        if (!changes.empty())
            context.report_controls(controls);
        next += std::chrono::milliseconds(5);
    } while (context.sleep_until(next));
}

}  // namespace onlooker::test
