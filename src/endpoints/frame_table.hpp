// The frame log as a table: /frames for people, /frames.csv for programs.
//
// The page shows the last frames, newest first, and marks the odd ones; ?odd=1 shows those alone,
// ?all=1 every row that there is, oldest first, as the CSV does. A browser takes half a minute and
// gigabytes for a table of 100,000 rows, so that is for those who ask for it.
//
// The article streams a large table row by row from a generator so that it need never be in memory
// as a whole; this is that table. Rows are written while they are sent, up to the frame that was
// newest when the request came.
//
// Owner of the log: the camera, which outlives the response and its body. Thread: the loop.
#pragma once

#include <string_view>

#include "camera/frame_log.hpp"
#include "http/message/request.hpp"
#include "http/message/response.hpp"

namespace onlooker::endpoints {

// What the page links to is relative to where it was asked for, since a proxy may show it below a
// prefix that never comes here.
http::Response frames_page(const camera::FrameLog& log, std::string_view camera_name,
                           const http::Request& request);
http::Response frames_csv(const camera::FrameLog& log);

}  // namespace onlooker::endpoints
