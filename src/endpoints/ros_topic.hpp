// ROS's web_video_server names a camera by its topic: /stream?topic=/yard/image_raw&type=mjpeg, and
// /snapshot?topic=/yard/image_raw.
//
// A topic is of the camera whose name is one of its segments; names of ROS have no '-', so '_' may
// stand for it. A server with one camera gives that one for every topic.
//
// Thread: the loop.
#pragma once

#include <variant>

#include "camera/camera.hpp"
#include "endpoints/status.hpp"
#include "http/message/request.hpp"
#include "http/message/response.hpp"

namespace onlooker::endpoints {

// The first camera where no topic is named. A topic of no camera is 404 in words that name the
// cameras that the request's pass allows to view; a type other than JPEG (docs.ros.org,
// web_video_server: vp8, vp9, h264, png, ros_compressed) is 400.
std::variant<CameraPtr, http::Response> camera_of_topic(const Cameras& cameras,
                                                        const http::Request& request);

}  // namespace onlooker::endpoints
