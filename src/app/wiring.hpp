// Gives each part of the program its settings, out of the user's options. The parts do not know the
// options, and the options do not know the parts; here they meet. Pure; any thread.
#pragma once

#include <string>
#include <vector>

#include "access/gatekeeper.hpp"
#include "app/options.hpp"
#include "camera/camera.hpp"
#include "camera/driver.hpp"
#include "clips/pre_rolls.hpp"
#include "endpoints/endpoints.hpp"
#include "endpoints/viewer_count.hpp"
#include "http/cors.hpp"
#include "http/host_names.hpp"
#include "http/server.hpp"
#include "variants/variants.hpp"

namespace onlooker::app {

http::ServerSettings server_settings(const Options& options);

http::Cors cors(const Options& options);

// `machine`: the names of this machine. `addresses`: its addresses. What a certificate of our own
// is made for.
std::vector<std::string> certificate_names(const Options& options, std::vector<std::string> machine,
                                           const std::vector<std::string>& addresses);

http::HostNames host_names(const Options& options, std::vector<std::string> machine);

// Both throw ValueError: a key of a picture has a value that it cannot have (picture_keys.hpp).
camera::Camera::Settings camera_settings(const Options& options, const CameraOption& camera,
                                         const camera::DriverEntry& entry);

// Each call of the factory makes a new driver from what the user wrote.
camera::Camera::DriverFactory driver_factory(const CameraOption& camera,
                                             const camera::DriverEntry& entry);

// Of a server with users (Options::users is not empty).
access::GatekeeperSettings gatekeeper_settings(const Options& options);

variants::Variants::Settings variant_settings(const Options& options);

clips::PreRolls::Settings pre_roll_settings(const Options& options);

endpoints::ViewerLimits viewer_limits(const Options& options);

endpoints::EndpointSettings endpoint_settings(const Options& options, std::string instance_id);

}  // namespace onlooker::app
