// The addresses that clients of camera-streamer (https://github.com/ayufan/camera-streamer) call
// beside its pictures: /status, and /option?device=&key=&value=, which sets a control.
//
// Thread: the loop.
#pragma once

#include <string>

#include "base/awaitable.hpp"
#include "camera/camera.hpp"
#include "endpoints/status.hpp"
#include "http/message/request.hpp"
#include "http/message/response.hpp"

namespace onlooker::endpoints {

// Of one camera, `version` of this program. What it has and we do not (video, rtsp, webrtc) is not
// enabled.
http::Response camera_streamer_status(const camera::Camera& camera, const http::Request& request,
                                      const std::string& version);

// Without a key: what there is to set. A HEAD changes nothing.
Awaitable<http::Response> camera_streamer_option(CameraPtr camera, const http::Request& request);

}  // namespace onlooker::endpoints
