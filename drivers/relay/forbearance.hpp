// Tells a camera that is busy for a moment from one that has failed.
//
// Many cameras answer a request now and then with "Device Busy", with status 503, with nothing, or
// break a connection off, and give a picture when asked again. As long as pictures come in between,
// that is no fault: it is borne, and told once.
//
// Used on the capture thread; free of clocks.
#pragma once

#include <chrono>
#include <optional>

#include "base/clock.hpp"
#include "camera/driver.hpp"

namespace onlooker::drivers {

class Forbearance {
  public:
    // `period`: from one request to the next.
    explicit Forbearance(SteadyClock::duration period) noexcept;

    // A picture came, or word that it is still the same.
    void on_success(SteadyTime now) noexcept;

    // Whether this error, now, is borne: the camera is to be asked again at its time.
    bool bears(const camera::CameraError& error, SteadyTime now) const noexcept;

  private:
    SteadyClock::duration longest_;  // without a success
    std::optional<SteadyTime> last_success_;
};

}  // namespace onlooker::drivers
