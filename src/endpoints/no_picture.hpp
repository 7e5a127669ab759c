// The answer where a picture was asked for and there is none: 503 with what is wrong with the
// camera, in words.
//
// Thread: the loop.
#pragma once

#include "camera/feed.hpp"
#include "http/message/response.hpp"

namespace onlooker::endpoints {

http::Response no_picture(const camera::Feed& feed);

}  // namespace onlooker::endpoints
