// A grey picture that breathes: --camera breathing:,fps=25
#include <cstdint>
#include <cstdlib>

#include "camera/driver_options.hpp"

using namespace onlooker::camera;
namespace media = onlooker::media;

class Breathing final : public Driver {
  public:
    explicit Breathing(double rate) : rate_(rate) {}
    double nominal_rate() const noexcept override { return rate_; }
    onlooker::Generator<Captured> frames(CaptureContext& context) override {
        const std::chrono::nanoseconds interval(static_cast<std::int64_t>(1e9 / rate_));
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

static OptionRows rows(double& rate) {
    return {rate_option("fps", "Pictures per second.", rate)};
}

static DriverEntry entry() {
    const auto make = [](const DriverOptions& options) -> std::unique_ptr<Driver> {
        double rate = 25;
        read_options("breathing", rows(rate), options);
        return std::make_unique<Breathing>(rate);
    };
    double rate = 25;
    return {.name = "breathing",
            .summary = "a grey picture that breathes",
            .make = make,
            .options = descriptions(rows(rate))};
}

extern "C" [[gnu::visibility("default")]] const DriverModule onlooker_driver_module{
    driver_interface, &entry};
