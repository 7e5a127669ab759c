#include "libcamera/driver.hpp"

#include <atomic>
#include <chrono>
#include <utility>

#include "libcamera/session.hpp"
#include "libcamera/words.hpp"

namespace onlooker::drivers::libcamera_driver {

namespace {

using namespace std::chrono_literals;

// A camera that was just plugged in is seen by udev a moment after its node appears, and by
// libcamera after that: as long as something is arriving it is waited for.
constexpr auto shortest_search = 200ms;
constexpr auto longest_search = 5s;
constexpr auto search_step = 20ms;

}  // namespace

LibcameraDriver::LibcameraDriver(Settings settings) : settings_(std::move(settings)) {}

// libcamera remembers the nodes of a device that is gone, and at times ends the program when they
// come back (DeviceEnumeratorUdev::addV4L2Device in 0.0.3 follows a pointer to what it has
// deleted). So a camera that failed gives the hub back: if no other camera has it, the next try
// begins a new one. While the camera is not there, that one stays: libcamera looks at what is there
// first and listens for what comes after that, so that a hub that begins at the very moment of an
// arrival may never learn of it. Such a one is given back, too.
//
// Each step of an opening takes libcamera some time, in which it minds no stop: hence the looks
// between them.
Generator<camera::Captured> LibcameraDriver::frames(camera::CaptureContext& context) {
    if (context.stop_requested())
        co_return;
    if (!hub_)
        hub_ = Hub::get();
    try {
        const auto camera = find(*hub_, context);
        if (!camera)
            co_return;
        Session session(hub_, camera, settings_, context);
        if (context.stop_requested())
            co_return;
        session.start();
        while (const auto captured = session.next())
            co_yield *captured;
    } catch (const camera::CameraError& error) {
        if (error.kind() != camera::ErrorKind::not_found || missed_arrival_)
            hub_.reset();
        throw;
    }
}

std::string LibcameraDriver::watch_path() const {
    return "/dev/";
}

std::shared_ptr<libcamera::Camera> LibcameraDriver::find(Hub& hub,
                                                         camera::CaptureContext& context) {
    const auto start = SteadyClock::now();
    missed_arrival_ = false;
    std::atomic<bool> added{true};
    const Hub::Subscription subscription(hub, [&added](Hub::Event event, const auto&) {
        if (event == Hub::Event::added)
            added = true;
    });
    while (!context.stop_requested()) {
        if (added.exchange(false)) {
            const auto cameras = hub.cameras();
            if (const auto index = find_camera(names_of(cameras), settings_.source))
                return cameras[*index];
        }
        if (SteadyClock::now() - start >= shortest_search) {
            const SystemFacts facts = look_at_system();
            missed_arrival_ = missed_arrival_ || facts.arriving;
            if (!facts.arriving || SteadyClock::now() - start >= longest_search)
                throw no_such_camera(settings_.source, names_of(hub.cameras()), facts);
        }
        context.sleep_until(SteadyClock::now() + search_step);
    }
    return nullptr;
}

}  // namespace onlooker::drivers::libcamera_driver
