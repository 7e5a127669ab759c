// The card that viewers see while a camera has no picture: its name, why, the time, and when it is
// tried again. It is a driver like any other, so that drawing and encoding stay off the loop; one
// card a second.
//
// Owner: the camera. Runs on a capture thread of its own; only the time of the next try is told to
// it while it runs.
#pragma once

#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/clock.hpp"
#include "camera/driver.hpp"

namespace onlooker::camera {

class CardDriver final : public Driver {
  public:
    struct Words {
        std::string camera;
        std::optional<ErrorKind> kind;  // nothing: it is only starting
        std::string sentence;
        std::optional<SteadyTime> retry_at;  // when it begins
        unsigned width = 640;                // pixels; the last size of the camera
        unsigned height = 480;
        bool operator==(const Words&) const = default;
    };

    explicit CardDriver(Words words) : words_(std::move(words)), retry_at_(words_.retry_at) {}

    Generator<Captured> frames(CaptureContext& context) override;
    double nominal_rate() const noexcept override { return 1; }

    // In place of the time in the words, from the next card on. Thread: any.
    void set_retry_at(std::optional<SteadyTime> time);

  private:
    std::optional<SteadyTime> retry_at() const;

    const Words words_;
    mutable std::mutex mutex_;
    std::optional<SteadyTime> retry_at_;  // guarded by it
};

// What the card has as its title: "Unplugged".
std::string_view card_title(const std::optional<ErrorKind>& kind) noexcept;

}  // namespace onlooker::camera
