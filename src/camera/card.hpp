// The card that viewers see while a camera has no picture: its name, why, the time, and when it is
// tried again. It is a driver like any other, so that drawing and encoding stay off the loop; one
// card a second.
//
// Owner: the camera. Runs on a capture thread of its own.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "camera/driver.hpp"

namespace onlooker::camera {

class CardDriver final : public Driver {
  public:
    struct Words {
        std::string camera;
        std::optional<ErrorKind> kind;  // nothing: it is only starting
        std::string sentence;
        std::optional<std::chrono::steady_clock::time_point> retry_at;
        unsigned width = 640;  // pixels; the last size of the camera
        unsigned height = 480;
    };

    explicit CardDriver(Words words) : words_(std::move(words)) {}

    Generator<Captured> frames(CaptureContext& context) override;
    double nominal_rate() const noexcept override { return 1; }

  private:
    Words words_;
};

// What the card has as its title: "Unplugged".
std::string_view card_title(const std::optional<ErrorKind>& kind) noexcept;

}  // namespace onlooker::camera
