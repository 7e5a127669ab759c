// GET /metrics: what Prometheus keeps, in the words of exposition.hpp.
//
// Everything is read when it is asked for, out of what is counted anyway: per frame that is
// published, never per viewer and frame. What viewers were sent is the sum of those that are there
// and of those that have gone. Cameras are those that whoever asks may view; of the server as a
// whole all is told.
//
// Thread: the loop.
#pragma once

#include <cstddef>

#include "api/documents.hpp"
#include "endpoints/status.hpp"
#include "http/message/request.hpp"
#include "http/message/response.hpp"
#include "http/router.hpp"
#include "variants/variants.hpp"

namespace onlooker::api {

struct Measured {
    const Settings& settings;
    const endpoints::Cameras& cameras;
    const variants::Variants& variants;
    const http::Router& router;
    std::size_t listeners = 0;  // of the events
};

http::Response metrics_response(const Measured& measured, const http::Request& request);

}  // namespace onlooker::api
