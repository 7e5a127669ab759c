// A driver as somebody else would write it: a module with nothing of the program but headers.
#include <array>
#include <chrono>
#include <cstddef>
#include <memory>

#include "base/clock.hpp"
#include "camera/driver.hpp"

namespace {

using namespace onlooker;

// Two octets that stand for a picture; nobody decodes them.
constexpr std::array picture{std::byte{0xff}, std::byte{0xd8}};

class TestDriver : public camera::Driver {
  public:
    Generator<camera::Captured> frames(camera::CaptureContext& context) override {
        while (!context.stop_requested()) {
            co_yield camera::Captured{
                .picture = media::JpegImage{picture}, .captured = {}, .wall = {}, .lost = 0};
            context.sleep_until(SteadyClock::now() + std::chrono::milliseconds(10));
        }
    }
};

camera::DriverEntry entry() {
    camera::DriverEntry result;
    result.name = "testmodule";
    result.summary = "for tests of module loading";
    result.make = [](const camera::DriverOptions& options) -> std::unique_ptr<camera::Driver> {
        if (!options.values.empty())
            throw camera::DriverOptionError("testmodule takes no options");
        return std::make_unique<TestDriver>();
    };
    return result;
}

}  // namespace

extern "C" [[gnu::visibility("default")]] const camera::DriverModule onlooker_driver_module;
const camera::DriverModule onlooker_driver_module{camera::driver_interface, &entry};
