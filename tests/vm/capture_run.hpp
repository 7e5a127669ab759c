// One run of a driver in a test: options in, pictures out, with a limit on every wait.
#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

#include "camera/driver.hpp"
#include "support/fake_capture_context.hpp"

namespace onlooker::test {

class CaptureRun {
  public:
    // For a driver of the test's own, which outlives the run.
    explicit CaptureRun(camera::Driver& driver) : pictures_(driver.frames(context)) {}

    CaptureRun(const camera::DriverEntry& entry, std::string source,
               std::map<std::string, std::string> values)
        : owned_(entry.make({"test", std::move(source), std::move(values)})),
          pictures_(owned_->frames(context)) {}

    // The next picture; null when the driver ended or nothing came within `limit`, after which the
    // run is over. Throws what the driver throws.
    const camera::Captured* next(std::chrono::milliseconds limit = std::chrono::seconds(10)) {
        std::jthread guard([this, limit](std::stop_token done) {
            std::mutex mutex;
            std::unique_lock lock(mutex);
            std::condition_variable_any wake;
            if (!wake.wait_for(lock, done, limit, [] { return false; }) && !done.stop_requested())
                context.request_stop();
        });
        return pictures_.next();
    }

    // The error that ends the run, after at most `most` pictures; nothing when none came.
    std::optional<camera::CameraError> error_within(int most) {
        try {
            for (int i = 0; i < most; ++i)
                if (!next())
                    return std::nullopt;
        } catch (const camera::CameraError& error) {
            return error;
        }
        return std::nullopt;
    }

    FakeCaptureContext context;

  private:
    std::unique_ptr<camera::Driver> owned_;
    Generator<camera::Captured> pictures_;
};

}  // namespace onlooker::test
