// A camera's supervision with a clock that is cranked by hand.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>

#include "camera/supervision.hpp"

namespace onlooker::test {

inline const camera::Supervision::Fault unplugged{camera::ErrorKind::unplugged, "the cable is out"};

struct SupervisionScene {
    explicit SupervisionScene(camera::Supervision::Settings settings = {})
        : supervision(settings) {}

    camera::Supervision::Orders viewers(std::size_t count) {
        return supervision.viewers(count, now);
    }
    camera::Supervision::Orders frame() { return supervision.frame(now); }
    camera::Supervision::Orders ended(std::optional<camera::Supervision::Fault> fault = {}) {
        return supervision.ended(fault, now);
    }
    camera::Supervision::Orders after(std::chrono::milliseconds time) {
        now += time;
        return supervision.time_passed(now);
    }
    camera::Supervision::State state() const { return supervision.state(); }

    camera::Supervision::Time now = camera::Supervision::Time() + std::chrono::seconds(1000);
    camera::Supervision supervision;
};

}  // namespace onlooker::test
