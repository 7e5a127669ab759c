// Many cameras on one connection, for a page that shows them all.
//
//     GET  /wall?cameras=yard,bed&width=320&fps=10    the parts of all of them (wall_stream.hpp)
//     POST /wall/ID     the same words, as a form     200: from now on it shows these
//
// The words: wall_query.hpp. The head of the answer to GET says ID in X-Wall. Whoever asks is shown
// those cameras only that the pass allows, and a wall that is changed is judged again.
//
// Thread: the loop.
#pragma once

#include "base/awaitable.hpp"
#include "endpoints/status.hpp"
#include "endpoints/stream.hpp"
#include "http/router.hpp"
#include "variants/variants.hpp"

namespace onlooker::wall {

// All that is given outlives the router. Of `settings` the time without progress, and the log, are
// looked at with each wall.
void add_wall(http::Router& router, Executor executor, const endpoints::Cameras& cameras,
              variants::Variants& variants, const endpoints::StreamSettings& settings);

}  // namespace onlooker::wall
