// The fields that keep pictures out of every cache, old and new (as uStreamer and mjpg-streamer
// send them).
#pragma once

#include "http/message/response.hpp"

namespace onlooker::endpoints {

inline void add_no_cache(http::Response& response) {
    response.with("Cache-Control",
                  "no-store, no-cache, must-revalidate, private, no-transform, max-age=0");
    response.with("Pragma", "no-cache");
    response.with("Expires", "Mon, 3 Jan 2000 12:34:56 GMT");
}

}  // namespace onlooker::endpoints
