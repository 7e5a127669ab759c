// Time that a test turns by hand, and a capture context that lives in it: sleeping moves the hands.
//
//     CrankedTime time;
//     CrankedContext context(time);
//     const auto driver = make_emulated({}, time.clocks());
//     auto pictures = driver->frames(context);
//     time.advance(400ms);
#pragma once

#include <chrono>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "camera/driver.hpp"
#include "clocks.hpp"

namespace onlooker::test {

class CrankedTime {
  public:
    using Wall = std::chrono::system_clock::time_point;

    SteadyTime steady{std::chrono::hours(1)};
    Wall wall{std::chrono::seconds(1'700'000'000)};

    void advance(std::chrono::nanoseconds duration) {
        steady += std::chrono::duration_cast<SteadyClock::duration>(duration);
        wall += std::chrono::duration_cast<Wall::duration>(duration);
    }

    // Good for as long as this lives.
    drivers::Clocks clocks() {
        return {.wall = [this] { return wall; }, .steady = [this] { return steady; }};
    }
};

class CrankedContext final : public camera::CaptureContext {
  public:
    explicit CrankedContext(CrankedTime& time) : time_(time) {}

    void request_stop() { stop_ = true; }
    // The times that the driver slept until, in their order.
    const std::vector<SteadyTime>& sleeps() const noexcept { return sleeps_; }

    bool stop_requested() const noexcept override { return stop_; }
    int stop_descriptor() const noexcept override { return -1; }
    bool sleep_until(SteadyTime until) override {
        // A driver that never yields would otherwise keep the test for ever.
        if (sleeps_.size() > 1'000'000)
            throw std::runtime_error("the driver only sleeps");
        sleeps_.push_back(until);
        if (!stop_ && until > time_.steady)
            time_.advance(until - time_.steady);
        return !stop_;
    }
    std::vector<camera::ControlChange> take_control_changes() override { return {}; }
    void report_controls(std::vector<camera::Control>) override {}
    void warn(std::string_view) override {}

  private:
    CrankedTime& time_;
    bool stop_ = false;
    std::vector<SteadyTime> sleeps_;
};

}  // namespace onlooker::test
