// The description of the interface for programs, as OpenAPI 3.1
// (https://spec.openapis.org/oas/v3.1.0), made from the table of resources.
//
// Thread: any.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <span>
#include <string_view>

#include "api/resource.hpp"

namespace onlooker::api {

// `camera`: a name to stand in the examples. Addresses are relative to where the description came
// from, so that they hold behind a proxy that has put something in front.
nlohmann::json open_api(std::span<const Resource> resources, std::string_view version,
                        std::string_view camera);

}  // namespace onlooker::api
