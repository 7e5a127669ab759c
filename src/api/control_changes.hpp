// Changing controls by JSON: {"brightness": 12, "gain": null, "reset": true}. A number, true or
// false, or the name of a menu's entry; null is the default; a button is pressed with true.
//
// All or nothing, as far as the camera has told what it takes (camera/control_limits.hpp): one
// value that is refused, and none is set. What the device itself refuses is known only once it was
// tried: its driver then reports its controls again, and the answer tells which of them are not as
// they were asked for.
//
// Thread: the loop.
#pragma once

#include <memory>
#include <string_view>
#include <variant>
#include <vector>

#include "base/awaitable.hpp"
#include "camera/camera.hpp"
#include "camera/driver.hpp"
#include "http/message/request.hpp"
#include "http/message/response.hpp"

namespace onlooker::api {

// The changes that a body asks for, or the answer that refuses them.
std::variant<std::vector<camera::ControlChange>, http::Response> control_changes(
    const camera::Camera& camera, std::string_view body);

// The answer to PATCH.
Awaitable<http::Response> patch_controls(std::shared_ptr<camera::Camera> camera,
                                         const http::Request& request);

}  // namespace onlooker::api
