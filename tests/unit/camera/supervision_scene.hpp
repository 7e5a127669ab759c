// A camera's supervision with a clock that is cranked by hand.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>

#include "base/clock.hpp"
#include "camera/supervision.hpp"

namespace onlooker::test {

inline const camera::Fault unplugged{camera::ErrorKind::unplugged, "the cable is out"};

struct SupervisionScene {
    explicit SupervisionScene(camera::Supervision::Settings settings = {})
        : supervision(settings) {}

    camera::Supervision::Orders viewers(std::size_t count) {
        return supervision.on_viewers(count, now);
    }
    camera::Supervision::Orders frame() {
        return supervision.on_frame(now).value_or(camera::Supervision::Orders{});
    }
    camera::Supervision::Orders ended(std::optional<camera::Fault> fault = {}) {
        return supervision.on_end(fault, now);
    }
    camera::Supervision::Orders after(std::chrono::milliseconds time) {
        now += time;
        return supervision.on_time(now);
    }
    camera::Supervision::State state() const { return supervision.state(); }

    SteadyTime now = SteadyTime() + std::chrono::seconds(1000);
    camera::Supervision supervision;
};

}  // namespace onlooker::test
