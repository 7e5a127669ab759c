// The answer where one viewer more would exceed a limit (viewer_count.hpp): 503 with the limit in
// words, and a line in the log. Asked by whatever begins to count as a viewer: streams, walls,
// clips.
//
// Thread: the loop.
#pragma once

#include <optional>
#include <string_view>

#include "endpoints/stream.hpp"
#include "http/message/request.hpp"
#include "http/message/response.hpp"

namespace onlooker::endpoints {

// Nothing: there is room.
std::optional<http::Response> no_room(const StreamSettings& settings, std::string_view camera,
                                      const http::Request& request);

}  // namespace onlooker::endpoints
