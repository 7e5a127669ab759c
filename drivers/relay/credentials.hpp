// Passwords and tokens, read from their files each time the upstream is opened, so that a changed
// one needs no restart.
#pragma once

#include "camera/driver.hpp"
#include "relay/http_client.hpp"
#include "relay/relay_options.hpp"

namespace onlooker::drivers {

// Throws CameraError when a file cannot be read; warns when everybody may read it.
Credentials read_credentials(const RelayOptions& options, camera::CaptureContext& context);

}  // namespace onlooker::drivers
