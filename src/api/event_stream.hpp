// GET /api/v1/events: what changes, as server-sent events
// (https://html.spec.whatwg.org/multipage/server-sent-events.html).
//
//     begin      {"instance", "cameras": [names]}   forget what is not named here
//     camera     as /api/v1/cameras/NAME            state, fault, size or number of controls
//     controls   {"camera", "controls": [...]}
//     viewers    {"camera", "viewers": n}
//     gone       {"camera"}                         a new configuration is without it
//     settings   {"changed": [names of options]}
//
// A listener that comes with the Last-Event-ID of this run of the program hears what has changed
// since; every other one hears `begin` and each camera as it is. The last event of what is told at
// once carries the id, so that one that is cut off in between hears it all again. A comment every
// 15 s keeps proxies, and the listener, from taking the connection for dead.
//
// Owner: the connection. Thread: the loop.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <functional>
#include <string>

#include "api/event_hub.hpp"
#include "camera/camera.hpp"
#include "http/message/request.hpp"
#include "http/message/response.hpp"

namespace onlooker::api {

// What the events say of cameras.
struct Words {
    std::function<nlohmann::json(const camera::Camera&)> camera;
    std::function<nlohmann::json(const camera::Camera&)> controls;
    std::function<std::size_t(const camera::Camera&)> viewers;
};

// ?cameras=a,b: only these. Of those, only what the request's pass allows to view. 503 when as many
// listen already as may. `hub` outlives the answer.
http::Response events_response(EventHub& hub, const endpoints::Cameras& cameras,
                               const std::string& instance, Words words,
                               const http::Request& request);

}  // namespace onlooker::api
