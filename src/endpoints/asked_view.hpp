// From a request for a stream to the feed that it is shown: the camera's own, or that of the recipe
// and the rate that its query asks for.
//
// Thread: the loop.
#pragma once

#include <variant>

#include "base/awaitable.hpp"
#include "camera/camera.hpp"
#include "endpoints/recipe_query.hpp"
#include "http/message/request.hpp"
#include "http/message/response.hpp"
#include "variants/variants.hpp"

namespace onlooker::endpoints {

struct ViewSettings {
    // An <img> that wants its pictures turned or mirrored, and nothing else, is given them as they
    // are, with an EXIF orientation that says so: browsers obey one in each part (measured, see
    // media/recipe.hpp). An <img> is known by its Sec-Fetch-Dest field; where that is missing, as
    // over plain HTTP to another machine, the pixels are turned.
    bool turn_by_exif = true;
};

// Refused, with 400, is a query that makes no sense; with 503, in the words of Variants, a recipe
// more than there may be; with 508 a loop of relays. A HEAD makes nothing: its view is the camera's
// own. With `auto` its size follows the viewer's link (variants/auto_feed.hpp).
std::variant<variants::View, http::Response> asked_view(Executor executor,
                                                        variants::Variants& variants,
                                                        camera::Camera& camera,
                                                        const http::Request& request,
                                                        const ViewSettings& settings);

// The recipe as the program that shows the pictures can have it: see ViewSettings.
media::Recipe recipe_for(const http::Request& request, media::Recipe recipe,
                         const ViewSettings& settings);

}  // namespace onlooker::endpoints
