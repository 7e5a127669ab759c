// The interface for programs, below /api/v1: what there is, how it is, and the controls, in JSON;
// errors as problem+json (RFC 9457). GET /api/v1/openapi.json describes it. Beside it /metrics, for
// Prometheus (metrics.hpp).
//
// Owner: the router has the routes. Thread: the loop.
//
// A new resource is its row in api.cpp, its schema in schemas.cpp and its function.
#pragma once

#include "api/documents.hpp"
#include "api/event_hub.hpp"
#include "endpoints/status.hpp"
#include "http/router.hpp"
#include "variants/variants.hpp"

namespace onlooker::api {

// `cameras` holds one camera at least, at all times, and is looked at with each request; it,
// `variants` and `events` outlive the router.
void add_api(http::Router& router, const endpoints::Cameras& cameras,
             const variants::Variants& variants, EventHub& events, Settings settings);

}  // namespace onlooker::api
