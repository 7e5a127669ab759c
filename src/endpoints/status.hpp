// What the server says about itself: /state in uStreamer's words, /healthz for supervisors.
//
// Thread: the loop.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "camera/camera.hpp"
#include "http/gate.hpp"
#include "http/message/response.hpp"
#include "variants/variants.hpp"

namespace onlooker::endpoints {

// Whoever answers a request about a camera holds it: the table may change meanwhile.
using CameraPtr = std::shared_ptr<camera::Camera>;
using Cameras = std::vector<CameraPtr>;

// The JSON that uStreamer's clients and PiKVM read, for one camera; what is ours stands under the
// key "onlooker", which they ignore. The clients are those of the camera and of all that is made of
// its pictures.
http::Response state_response(const camera::Camera& camera, const variants::Variants& variants,
                              const std::string& instance_id);

// 200 as long as the loop answers; the state of each camera in the body, of those that whoever has
// `pass` may view (null: of all). A camera that is unplugged is no reason to restart the server,
// which is what supervisors do otherwise.
http::Response health_response(const Cameras& cameras, const http::Pass* pass);

}  // namespace onlooker::endpoints
