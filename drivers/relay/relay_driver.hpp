// The relay: another server's pictures, pulled once however many watch here, passed on undecoded.
//
// One connection per camera, and only while somebody watches, like any camera. A picture is handed
// on with its last octet, so a chain of relays adds the way of one picture per link and no frame
// time. Loops are kept out twice: an address at which this program listens is not connected to
// (forbidden_address.hpp), and each request says in its Via through which onlookers its pictures
// will go, so that one which finds itself there, or too many, refuses (status 508).
//
// A stream that ends after some pictures, or after each, is asked for again at the pace of fps=, as
// a snapshot is, and so is a camera that is busy for a moment (forbearance.hpp): the last picture
// stays on show.
#pragma once

#include <utility>

#include "camera/driver.hpp"
#include "relay/relay_settings.hpp"

namespace onlooker::drivers {

class RelayDriver : public camera::Driver {
  public:
    explicit RelayDriver(RelaySettings options) : options_(std::move(options)) {}

    Generator<camera::Captured> frames(camera::CaptureContext& context) override;
    // What the user said: only that tells a slow upstream from one that has stopped.
    double nominal_rate() const noexcept override { return options_.rate.value_or(0); }

  private:
    RelaySettings options_;
};

namespace relay {

camera::DriverEntry entry();

}  // namespace relay

}  // namespace onlooker::drivers
