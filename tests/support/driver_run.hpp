// One run of a driver under test, from its first picture to its end.
#pragma once

#include <doctest/doctest.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "camera/driver.hpp"
#include "support/driver_subject.hpp"
#include "support/fake_capture_context.hpp"

namespace onlooker::test::contract {

// Asks for a stop when `limit` has passed: a driver that waits for ever then fails its test, and
// does not hang it. Goes with its scope.
class Patience {
  public:
    Patience(FakeCaptureContext& context, std::chrono::milliseconds limit)
        : thread_([&context, limit](const std::stop_token& over) {
              std::mutex mutex;
              std::unique_lock lock(mutex);
              std::condition_variable_any wake;
              wake.wait_for(lock, over, limit, [] { return false; });
              if (!over.stop_requested())
                  context.request_stop();
          }) {}

  private:
    std::jthread thread_;
};

// The error with which the pictures end; nothing when they just end.
inline std::optional<camera::CameraError> end_of(Generator<camera::Captured>& pictures) {
    try {
        while (pictures.next()) {
        }
    } catch (const camera::CameraError& error) {
        return error;
    }
    return std::nullopt;
}

class DriverRun {
  public:
    // Begins with the first picture. The `changes` of controls wait for the driver when it starts.
    DriverRun(const DriverSubject& subject, camera::Driver& driver,
              const std::vector<camera::ControlChange>& changes = {}) {
        for (int attempt = 1; !first_; ++attempt)
            begin(driver, changes, attempt < subject.start_attempts);
    }

    FakeCaptureContext context;
    Generator<camera::Captured> pictures;

    // Of the attempt that gave it.
    SteadyClock::duration time_to_first() const noexcept { return time_to_first_; }

    // Lent until the next one.
    const camera::Captured* first() const noexcept { return first_; }
    const camera::Captured* next() { return pictures.next(); }

    std::optional<camera::CameraError> end_within(std::chrono::milliseconds limit) {
        const Patience patience(context, limit);
        return end_of(pictures);
    }

  private:
    void begin(camera::Driver& driver, const std::vector<camera::ControlChange>& changes,
               bool may_fail) {
        context.take_control_changes();
        for (const auto& change : changes)
            context.change_control(change.id, change.value);
        const auto asked = SteadyClock::now();
        pictures = driver.frames(context);
        try {
            first_ = pictures.next();
            time_to_first_ = SteadyClock::now() - asked;
            REQUIRE(first_);
        } catch (const camera::CameraError& error) {
            if (!may_fail || error.kind() != camera::ErrorKind::failed)
                throw;
            MESSAGE("tried again: " << std::string(error.what()));
        }
    }

    const camera::Captured* first_ = nullptr;
    SteadyClock::duration time_to_first_{};
};

}  // namespace onlooker::test::contract
