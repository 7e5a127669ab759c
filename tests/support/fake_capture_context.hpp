// A CaptureContext for tests of drivers: the test stands where the capture thread stands.
//
//     FakeCaptureContext context;
//     auto pictures = driver->frames(context);
//     const Captured* first = pictures.next();
//     context.request_stop();                     // from any thread
//
// It also keeps what the driver told: warnings, and the controls it reported last.
#pragma once

#include <poll.h>
#include <unistd.h>

#include <sys/eventfd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/unique_fd.hpp"
#include "camera/driver.hpp"

namespace onlooker::test {

class FakeCaptureContext final : public camera::CaptureContext {
  public:
    FakeCaptureContext() : wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
        if (!wake_)
            throw std::runtime_error("eventfd");
    }

    // What the program would ask of the driver; any thread.
    void request_stop() {
        const std::scoped_lock lock(mutex_);
        stop_ = true;
        wake();
    }
    void change_control(std::string id, double value) {
        const std::scoped_lock lock(mutex_);
        changes_.push_back({std::move(id), value});
        wake();
    }

    // What the driver told; the thread that runs the driver.
    const std::vector<std::string>& warnings() const noexcept { return warnings_; }
    const std::vector<camera::Control>& controls() const noexcept { return controls_; }
    const camera::Control* control(std::string_view id) const {
        const auto found = std::ranges::find(controls_, id, &camera::Control::id);
        return found == controls_.end() ? nullptr : &*found;
    }

    bool stop_requested() const noexcept override {
        const std::scoped_lock lock(mutex_);
        return stop_;
    }
    int stop_descriptor() const noexcept override { return wake_.get(); }

    // In slices, because a control change that waits would wake the descriptor at once.
    bool sleep_until(std::chrono::steady_clock::time_point time) override {
        using namespace std::chrono;
        while (!stop_requested()) {
            const auto rest = time - steady_clock::now();
            if (rest <= rest.zero())
                return true;
            const auto slice = std::min(ceil<milliseconds>(rest), milliseconds(10));
            ::poll(nullptr, 0, static_cast<int>(slice.count()));
        }
        return false;
    }

    std::vector<camera::ControlChange> take_control_changes() override {
        const std::scoped_lock lock(mutex_);
        if (!stop_) {
            std::uint64_t count = 0;
            [[maybe_unused]] const auto cleared = ::read(wake_.get(), &count, sizeof count);
        }
        return std::exchange(changes_, {});
    }

    void report_controls(std::vector<camera::Control> controls) override {
        controls_ = std::move(controls);
    }
    void warn(std::string_view words) override { warnings_.emplace_back(words); }

  private:
    void wake() {
        const std::uint64_t one = 1;
        [[maybe_unused]] const auto written = ::write(wake_.get(), &one, sizeof one);
    }

    mutable std::mutex mutex_;
    UniqueFd wake_;
    bool stop_ = false;
    std::vector<camera::ControlChange> changes_;
    std::vector<std::string> warnings_;
    std::vector<camera::Control> controls_;
};

}  // namespace onlooker::test
