// GET /cameras/NAME/clip, and /clip of the first camera: a download of what the camera shows from
// now on, in a file that is made while it happens (clip_query.hpp: what can be asked for).
//
// Refused are, with 501, clips on a server without the module for them; with 400 words that make no
// sense; with 503 a viewer more than there may be, and a camera that gives no picture within
// `wait_at_most`, or fails. The words of streams (endpoints/recipe_query.hpp) but `auto` can be
// asked as well; such a clip has no pre-roll, for what is kept are the camera's own pictures.
//
// A clip counts as a viewer as long as it lasts.
//
// Owner: the router has the routes. Thread: the loop.
#pragma once

#include <chrono>

#include "base/awaitable.hpp"
#include "clips/muxer_loader.hpp"
#include "clips/pre_rolls.hpp"
#include "endpoints/endpoints.hpp"
#include "endpoints/status.hpp"
#include "http/router.hpp"
#include "variants/variants.hpp"

namespace onlooker::clips {

// Each outlives the router.
struct ClipParts {
    const endpoints::Cameras& cameras;  // holds one at least
    variants::Variants& variants;
    const endpoints::EndpointSettings& settings;
    MuxerLoader& loader;
    const PreRolls& pre_rolls;
    std::chrono::milliseconds wait_at_most{10'000};  // for the first picture
};

void add_clips(http::Router& router, Executor executor, const ClipParts& parts);

}  // namespace onlooker::clips
