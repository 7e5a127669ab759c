// The frame log as a table: /frames for people, /frames.csv for programs.
//
// The article streams a large table row by row from a generator so that it need never be in memory
// as a whole; this is that table. Rows are written while they are sent, oldest first, up to the
// frame that was newest when the request came.
//
// Owner of the log: the camera, which outlives every response. Thread: the loop.
#pragma once

#include <string_view>

#include "camera/frame_log.hpp"
#include "http/message/response.hpp"

namespace onlooker::endpoints {

// `path`: where the page was asked for. What it links to is relative to that, since a proxy may
// show it below a prefix that never comes here.
http::Response frames_page(const camera::FrameLog& log, std::string_view camera_name,
                           std::string_view path);
http::Response frames_csv(const camera::FrameLog& log);

}  // namespace onlooker::endpoints
