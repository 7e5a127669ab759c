// The stream of one feed to one viewer, until one of them goes.
//
// The way of a frame from here on: the feed wakes this coroutine, which lays out one part around
// the shared frame and gives it to the kernel with one send. It never has more than one frame in
// flight. A viewer that cannot keep up skips frames and gets each one fresh (queue_rule.hpp); it
// makes nobody wait, makes no memory grow, and is disconnected only when it takes nothing at all
// for `no_progress_limit`.
//
// Owner: the connection, through StreamBody. Thread: the loop.
#pragma once

#include <chrono>
#include <memory>

#include "base/limited_log.hpp"
#include "camera/feed.hpp"
#include "camera/viewing.hpp"
#include "endpoints/part_layout.hpp"
#include "endpoints/viewer_count.hpp"
#include "http/message/response.hpp"
#include "variants/variants.hpp"

namespace onlooker::endpoints {

struct StreamSettings {
    std::chrono::milliseconds no_progress_limit{30'000};
    // Of viewers that took nothing; for all streams together.
    std::shared_ptr<LimitedLog> stalls = std::make_shared<LimitedLog>();
    std::shared_ptr<ViewerCount> viewers = std::make_shared<ViewerCount>();
    // Of viewers for whom there was no room; for all streams together.
    std::shared_ptr<LimitedLog> turned_away = std::make_shared<LimitedLog>();
};

// The answer to a request for a stream: the head that every MJPEG client understands
// (HTTP/1.0, closed at the end, never chunked) and the stream behind it. `boundary` belongs to the
// route: "frame" in the article, "boundarydonotcross" in mjpg-streamer and uStreamer. What `view`
// keeps is kept as long as the stream.
http::Response stream_response(Executor executor, variants::View view, const http::Request& request,
                               std::string_view boundary, const StreamSettings& settings);

}  // namespace onlooker::endpoints
