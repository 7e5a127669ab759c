#include "endpoints/status.hpp"

#include <nlohmann/json.hpp>

#include <cmath>
#include <string>
#include <utility>

#include "base/clock.hpp"
#include "endpoints/camera_json.hpp"

namespace onlooker::endpoints {

namespace {

using nlohmann::json;

// uStreamer's clients read whole numbers.
unsigned whole(double rate) {
    return static_cast<unsigned>(std::lround(rate));
}

json own_words_of(const camera::Camera& camera, SteadyTime now) {
    json own = {
        {"camera", camera.name()},
        {"driver", camera.settings().driver},
        {"state", to_string(camera.state())},
        {"captured_fps", thousandths(camera.captured_rate(now))},
        {"frames", counts_json(camera)},
        {"faults", camera.counts().faults},
    };
    if (camera.fault())
        own["fault"] = fault_json(*camera.fault());
    return own;
}

// In uStreamer's words.
json client_json(const Viewer& viewer, SteadyTime now) {
    const camera::Viewing::Description& description = viewer.viewing.description();
    json client = {
        {"fps", whole(viewer.viewing.rate(now))},
        {"extra_headers", description.extra_headers},
        {"advance_headers", description.advance_headers},
        {"dual_final_frames", description.dual_final_frames},
        {"zero_data", description.zero_data},
        {"key", description.key},
        {"format", description.format},
        {"frames", viewer.viewing.frames()},
        {"variant", viewer.variant},
    };
    if (description.auto_step)
        client["auto"] = auto_json(*description.auto_step);
    return client;
}

}  // namespace

http::Response state_response(const camera::Camera& camera, const variants::Variants& variants,
                              const std::string& instance_id) {
    const auto now = SteadyClock::now();
    json clients = json::object();
    for_each_viewer(camera, variants, [&](const Viewer& viewer) {
        clients[viewer.viewing.id()] = client_json(viewer, now);
    });
    json own = own_words_of(camera, now);
    own["variants"] = variants_json(camera, variants, now);
    return json_response({
        {"ok", true},
        {"result",
         {{"instance_id", instance_id},
          {"encoder",
           {{"type", "CPU"}, {"quality", camera.settings().capture.frames.encoder.quality}}},
          {"source",
           {{"resolution", size_json(camera.feed().picture())},
            {"online", camera.live()},
            {"desired_fps", whole(camera.settings().supervision.nominal_rate)},
            {"captured_fps", whole(camera.captured_rate(now))}}},
          {"stream",
           {{"queued_fps", whole(camera.feed().rate(now))},
            {"clients", clients.size()},
            {"clients_stat", clients}}},
          {"onlooker", std::move(own)}}},
    });
}

http::Response health_response(const Cameras& cameras, const http::Pass* pass) {
    json states = json::object();
    for (const auto& camera : cameras) {
        if (pass == nullptr || pass->allows(http::Scope::view, camera->name()))
            states[camera->name()] = to_string(camera->state());
    }
    return json_response({{"ok", true}, {"cameras", states}});
}

}  // namespace onlooker::endpoints
