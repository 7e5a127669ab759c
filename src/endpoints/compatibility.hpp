// Addresses that are here because clients of other servers call them: the controls of mjpg-streamer
// (mjpg_streamer.hpp), camera-streamer's /status and /option (camera_streamer.hpp), and go2rtc's
// names for a stream and a snapshot, which name the camera by ?src=.
//
// Thread: the loop.
#pragma once

#include <functional>
#include <string>

#include "base/awaitable.hpp"
#include "endpoints/status.hpp"
#include "http/message/request.hpp"
#include "http/message/response.hpp"
#include "http/router.hpp"

namespace onlooker::endpoints {

// How a camera is shown here; the request lives until it is answered.
using Shows = std::function<Awaitable<http::Response>(CameraPtr, const http::Request&)>;

struct Shown {
    Shows stream;
    Shows snapshot;
};

// `cameras` holds one camera at least, and outlives the router.
void add_compatibility(http::Router& router, const Cameras& cameras, Shown shown,
                       const std::string& version);

}  // namespace onlooker::endpoints
