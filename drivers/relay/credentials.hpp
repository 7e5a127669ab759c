// Passwords and tokens, read from their files each time the upstream is opened, so that a changed
// one needs no restart.
#pragma once

#include "camera/driver.hpp"
#include "relay/http_client.hpp"
#include "relay/relay_settings.hpp"

namespace onlooker::drivers {

// Throws CameraError when a file cannot be read; warns when everybody may read it.
Credentials read_credentials(const RelaySettings& options, camera::CaptureContext& context);

}  // namespace onlooker::drivers
