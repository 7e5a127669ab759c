#include "endpoints/status.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <cmath>

#include "base/clock.hpp"

namespace onlooker::endpoints {

namespace {

using nlohmann::json;

// uStreamer's clients read whole numbers.
unsigned whole(double rate) {
    return static_cast<unsigned>(std::lround(rate));
}

json clients_of(const camera::Camera& camera, SteadyTime now) {
    json clients = json::object();
    camera.feed().for_each_viewing([&](const camera::Viewing& viewing) {
        const camera::Viewing::Description& description = viewing.description();
        if (description.format.empty())
            return;  // a snapshot
        clients[viewing.id()] = {
            {"fps", whole(viewing.rate(now))},
            {"extra_headers", description.extra_headers},
            {"advance_headers", description.advance_headers},
            {"dual_final_frames", description.dual_final_frames},
            {"zero_data", description.zero_data},
            {"key", description.key},
            {"format", description.format},
            {"frames", viewing.frames()},
        };
    });
    return clients;
}

// A camera may give a picture in three seconds.
double thousandths(double rate) {
    return std::round(rate * 1000) / 1000;
}

json own_words_of(const camera::Camera& camera, SteadyTime now) {
    const camera::Camera::Counts& counts = camera.counts();
    json own = {
        {"camera", camera.name()},
        {"driver", camera.settings().driver},
        {"state", to_string(camera.state())},
        {"captured_fps", thousandths(camera.captured_rate(now))},
        {"frames",
         {{"published", counts.frames},
          {"same", counts.same},
          {"lost_in_device", counts.losses.device},
          {"broken", counts.losses.broken},
          {"above_rate", counts.losses.pace},
          {"overtaken", counts.losses.loop}}},
        {"faults", counts.faults},
    };
    if (camera.fault())
        own["fault"] = {{"kind", to_string(camera.fault()->kind)},
                        {"words", camera.fault()->words}};
    return own;
}

http::Response answer(const json& document) {
    // What is not UTF-8 (a device may name itself anything) becomes a replacement character.
    return http::Response::json(document.dump(-1, ' ', false, json::error_handler_t::replace));
}

}  // namespace

http::Response state_response(const camera::Camera& camera, const std::string& instance_id) {
    const auto now = SteadyClock::now();
    const media::FramePtr& picture = camera.feed().picture();
    const json clients = clients_of(camera, now);
    return answer({
        {"ok", true},
        {"result",
         {{"instance_id", instance_id},
          {"encoder",
           {{"type", "CPU"}, {"quality", camera.settings().capture.frames.encoder.quality}}},
          {"source",
           {{"resolution",
             {{"width", picture ? picture->width() : 0},
              {"height", picture ? picture->height() : 0}}},
            {"online", camera.live()},
            {"desired_fps", whole(camera.settings().supervision.nominal_rate)},
            {"captured_fps", whole(camera.captured_rate(now))}}},
          {"stream",
           {{"queued_fps", whole(camera.feed().rate(now))},
            {"clients", clients.size()},
            {"clients_stat", clients}}},
          {"onlooker", own_words_of(camera, now)}}},
    });
}

http::Response health_response(const Cameras& cameras) {
    json states = json::object();
    for (const auto& camera : cameras)
        states[camera->name()] = to_string(camera->state());
    return answer({{"ok", true}, {"cameras", states}});
}

}  // namespace onlooker::endpoints
