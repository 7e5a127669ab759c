// camera_faulty.so: a camera that misbehaves as it is told, for the system tests, and the smallest
// example of a driver module.
//
//     --camera faulty                          a picture each 100 ms, for ever
//     --camera faulty:,after=5,then=throw      five pictures, then a CameraError
//
// Keys: fps; after, the pictures before it happens; then, what happens: throw (a CameraError of
// the kind "unplugged"), throw_other (an int), end (returns), stall (gives nothing, but minds the
// stop), hang (never returns from next()), hang_close (never returns from closing), die_slowly (no
// stop minded for a second); times, how often it happens before the camera works for good (0:
// always); open_seconds, how long opening takes; controls=1, it has a brightness (0 to 255, which
// it obeys, in the picture too) and a gain (0 to 100, which stays at 10).
#include <unistd.h>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "camera/driver.hpp"

namespace {

using namespace onlooker;
using namespace onlooker::camera;
using std::chrono::steady_clock;

struct Script {
    double fps = 10;
    unsigned after = 0;
    std::string then;
    unsigned times = 0;
    double open_seconds = 0;
    bool controls = false;
};

Script script_from(const DriverOptions& options) {
    Script script;
    for (const auto& [key, value] : options.values) {
        if (key == "fps")
            script.fps = std::stod(value);
        else if (key == "after")
            script.after = static_cast<unsigned>(std::stoul(value));
        else if (key == "then")
            script.then = value;
        else if (key == "times")
            script.times = static_cast<unsigned>(std::stoul(value));
        else if (key == "open_seconds")
            script.open_seconds = std::stod(value);
        else if (key == "controls")
            script.controls = value == "1";
        else
            throw DriverOptionError(key +
                                    ": expected fps, after, then, times, open_seconds or controls");
    }
    return script;
}

[[noreturn]] void never_return() {
    for (;;)
        ::pause();
}

steady_clock::duration seconds(double count) {
    return std::chrono::duration_cast<steady_clock::duration>(std::chrono::duration<double>(count));
}

// A device that hangs when it is closed, where the script says so.
struct Device {
    bool hangs_on_close = false;

    Device() = default;
    Device(const Device&) = delete;
    Device& operator=(const Device&) = delete;
    ~Device() {
        if (hangs_on_close)
            never_return();
    }
};

std::vector<Control> controls_with(double brightness) {
    Control first;
    first.id = "brightness";
    first.name = "Brightness";
    first.maximum = 255;
    first.fallback = 16;
    first.value = brightness;
    Control second = first;
    second.id = "gain";
    second.name = "Gain";
    second.maximum = 100;
    second.fallback = second.value = 10;
    return {first, second};
}

class FaultyDriver : public Driver {
  public:
    explicit FaultyDriver(Script script) : script_(std::move(script)) {}

    double nominal_rate() const noexcept override { return script_.fps; }

    Generator<Captured> frames(CaptureContext& context) override {
        Device device;
        if (!context.sleep_until(steady_clock::now() + seconds(script_.open_seconds)))
            co_return;
        const bool misbehaves =
            !script_.then.empty() && (script_.times == 0 || happened_ < script_.times);
        constexpr unsigned width = 64;
        constexpr unsigned height = 48;
        std::vector<std::byte> luma(std::size_t{width} * height);
        double brightness = 16;
        if (script_.controls)
            context.report_controls(controls_with(brightness));
        for (unsigned count = 0; !context.stop_requested(); ++count) {
            if (misbehaves && count == script_.after) {
                ++happened_;
                if (!misbehave(context, device))
                    co_return;
            }
            obey_controls(context, brightness);
            // Each picture is a little brighter than the one before.
            const unsigned level = static_cast<unsigned>(brightness) + count * 4 % 200;
            for (std::byte& pixel : luma)
                pixel = static_cast<std::byte>(level);
            media::RawImage image{media::PixelFormat::grey, width, height, {}, false};
            image.planes[0] = {luma, width};
            co_yield Captured{image, {}, {}, 0};
            context.sleep_until(steady_clock::now() + seconds(1 / script_.fps));
        }
    }

  private:
    void obey_controls(CaptureContext& context, double& brightness) const {
        const auto changes = context.take_control_changes();
        for (const ControlChange& change : changes)
            if (change.id == "brightness")
                brightness = change.value;
        if (script_.controls && !changes.empty())
            context.report_controls(controls_with(brightness));
    }

    // False when the pictures are to end.
    bool misbehave(CaptureContext& context, Device& device) const {
        if (script_.then == "throw")
            throw CameraError(ErrorKind::unplugged, "the cable of the faulty camera was pulled");
        if (script_.then == "throw_other")
            throw 42;
        if (script_.then == "hang")
            never_return();
        if (script_.then == "die_slowly")
            std::this_thread::sleep_for(std::chrono::seconds(1));
        if (script_.then == "stall" || script_.then == "hang_close") {
            device.hangs_on_close = script_.then == "hang_close";
            context.sleep_until(steady_clock::now() + std::chrono::hours(1));
        }
        return false;
    }

    Script script_;
    unsigned happened_ = 0;
};

DriverEntry faulty_entry() {
    return {.name = "faulty",
            .summary = "misbehaves as it is told, for tests",
            .make = [](const DriverOptions& options) -> std::unique_ptr<Driver> {
                return std::make_unique<FaultyDriver>(script_from(options));
            },
            .list = {}};
}

}  // namespace

extern "C" [[gnu::visibility("default")]] const DriverModule onlooker_driver_module{
    driver_interface, &faulty_entry};
