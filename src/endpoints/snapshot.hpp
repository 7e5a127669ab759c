// One picture, as soon as there is a fresh one.
//
// A camera that is live answers at once. One that is closed is opened for it, and a picture that
// comes within `wait_at_most` is fresh (callers give up after 1 s: Moonraker's test; 2 s:
// moonraker-timelapse; 5 s: OctoPrint, Obico; 10 s: Home Assistant). After that the last picture is
// sent, marked as old, or 503 with Retry-After if there is none. With `max_delay=MS` a picture
// is never older than that when asked, and 0 means one that was taken after the request
// (Octolapse).
//
// Thread: the loop.
#pragma once

#include <chrono>

#include "camera/feed.hpp"
#include "http/message/request.hpp"
#include "http/message/response.hpp"

namespace onlooker::endpoints {

struct SnapshotSettings {
    std::chrono::milliseconds wait_at_most{1'800};
};

Awaitable<http::Response> snapshot_response(camera::Feed& feed, const http::Request& request,
                                            SnapshotSettings settings);

}  // namespace onlooker::endpoints
