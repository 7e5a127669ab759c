// The frame log as a table: /frames for people, /frames.csv for programs.
//
// The article streams a large table row by row from a generator so that it need never be in memory
// as a whole; this is that table. Rows are written while they are sent, oldest first, up to the
// frame that was newest when the request came.
//
// Thread: the loop.
#pragma once

#include "camera/camera.hpp"
#include "http/response.hpp"

namespace onlooker::endpoints {

http::Response frames_page(const camera::Camera& camera);
http::Response frames_csv(const camera::Camera& camera);

}  // namespace onlooker::endpoints
