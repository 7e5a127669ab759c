// A CaptureContext for tests of drivers: the test stands where the capture thread stands.
//
//     FakeCaptureContext context;
//     auto pictures = driver->frames(context);
//     const Captured* first = pictures.next();
//     context.request_stop();                     // from any thread
//
// It also keeps what the driver told: warnings, and the controls it reported last.
#pragma once

#include <algorithm>
#include <chrono>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "camera/driver.hpp"
#include "camera/stop_signal.hpp"

namespace onlooker::test {

class FakeCaptureContext final : public camera::CaptureContext {
  public:
    // What the program would ask of the driver; any thread.
    void request_stop() { signal_.stop(); }
    void change_control(std::string id, double value) {
        const std::scoped_lock lock(mutex_);
        changes_.push_back({std::move(id), value});
        signal_.wake();
    }

    // What the driver told; the thread that runs the driver.
    const std::vector<std::string>& warnings() const noexcept { return warnings_; }
    const std::string& silence() const noexcept { return silence_; }
    const std::vector<camera::Control>& controls() const noexcept { return controls_; }
    const camera::Control* control(std::string_view id) const {
        const auto found = std::ranges::find(controls_, id, &camera::Control::id);
        return found == controls_.end() ? nullptr : &*found;
    }

    bool stop_requested() const noexcept override { return signal_.stopped(); }
    int stop_descriptor() const noexcept override { return signal_.descriptor(); }
    bool sleep_until(SteadyTime time) override { return signal_.sleep_until(time); }

    std::vector<camera::ControlChange> take_control_changes() override {
        const std::scoped_lock lock(mutex_);
        signal_.forget_wake();
        return std::exchange(changes_, {});
    }

    void report_controls(std::vector<camera::Control> controls) override {
        controls_ = std::move(controls);
    }
    void warn(std::string_view words) override { warnings_.emplace_back(words); }
    void explain_silence(std::string_view words) override { silence_ = words; }

  private:
    camera::StopSignal signal_;
    std::mutex mutex_;
    std::vector<camera::ControlChange> changes_;
    std::vector<std::string> warnings_;
    std::string silence_;
    std::vector<camera::Control> controls_;
};

}  // namespace onlooker::test
