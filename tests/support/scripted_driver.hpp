// A driver that does what a test says: one step after the other, each a picture, a wait or a fault.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "camera/driver.hpp"

namespace onlooker::test {

// A grey picture of 16 x 16 pixels, the smallest that everybody decodes.
inline media::RawImage grey_picture() {
    static const std::vector<std::byte> pixels(256, std::byte{0x80});
    media::RawImage image;
    image.format = media::PixelFormat::grey;
    image.width = 16;
    image.height = 16;
    image.planes[0] = {.data = pixels, .stride = 16};
    return image;
}

class ScriptedDriver final : public camera::Driver {
  public:
    // What frames() does; runs on the capture thread.
    using Script = std::function<Generator<camera::Captured>(camera::CaptureContext&)>;

    explicit ScriptedDriver(Script script, double rate = 0)
        : script_(std::move(script)), rate_(rate) {}

    Generator<camera::Captured> frames(camera::CaptureContext& context) override {
        return script_(context);
    }
    double nominal_rate() const noexcept override { return rate_; }

  private:
    Script script_;
    double rate_;
};

inline camera::Captured captured(media::Picture picture) {
    camera::Captured result;
    result.picture = std::move(picture);
    return result;
}

// Pictures at that interval until it is stopped.
inline Generator<camera::Captured> steady_pictures(camera::CaptureContext& context,
                                                   std::chrono::milliseconds interval,
                                                   media::Picture picture = grey_picture()) {
    auto next = SteadyClock::now();
    do {
        co_yield captured(picture);
        next += interval;
    } while (context.sleep_until(next));
}

}  // namespace onlooker::test
