// A grey picture that breathes: --camera breathing:,fps=25
#include <cstdlib>

#include "camera/driver.hpp"

using namespace onlooker::camera;
namespace media = onlooker::media;

class Breathing final : public Driver {
  public:
    explicit Breathing(double rate) : rate_(rate) {}
    double nominal_rate() const noexcept override { return rate_; }
    onlooker::Generator<Captured> frames(CaptureContext& context) override {
        const std::chrono::nanoseconds interval(static_cast<long>(1e9 / rate_));
        std::vector<std::byte> pixels(320 * 240);
        auto due = std::chrono::steady_clock::now();
        for (int n = 0; context.sleep_until(due); n = (n + 4) % 510, due += interval) {
            pixels.assign(pixels.size(), static_cast<std::byte>(std::abs(255 - n)));
            Captured captured;
            captured.picture = media::RawImage{
                media::PixelFormat::grey, 320, 240, {media::Plane{pixels, 320}}, true};
            co_yield captured;
        }
    }

  private:
    const double rate_;
};

static DriverEntry entry() {
    const auto make = [](const DriverOptions& options) -> std::unique_ptr<Driver> {
        const auto fps = options.values.find("fps");
        const double rate = fps == options.values.end() ? 25 : std::atof(fps->second.c_str());
        if (!(rate > 0 && rate <= 1000))
            throw DriverOptionError("fps: expected a number of at most 1000");
        return std::make_unique<Breathing>(rate);
    };
    return {"breathing", "a grey picture that breathes", make, {}};
}

extern "C" [[gnu::visibility("default")]] const DriverModule onlooker_driver_module{
    driver_interface, &entry};
