#include "endpoints/status.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <cmath>
#include <cstddef>
#include <string>
#include <utility>

#include "base/clock.hpp"
#include "media/recipe.hpp"
#include "variants/auto_feed.hpp"

namespace onlooker::endpoints {

namespace {

using nlohmann::json;

// uStreamer's clients read whole numbers.
unsigned whole(double rate) {
    return static_cast<unsigned>(std::lround(rate));
}

using variants::Variants;

// A camera may give a picture in three seconds.
double thousandths(double value) {
    return std::round(value * 1000) / 1000;
}

// The query that asks for it; empty for the camera's own pictures.
std::string query_of(const media::Recipe& recipe, double rate) {
    std::string query = to_string(recipe);
    if (rate > 0)
        query += fmt::format("{}fps={}", query.empty() ? "" : "&", rate);
    return query;
}

// Of a viewer whose pictures' size follows its link.
json auto_words_of(const camera::AutoStep& step) {
    return {{"step", variants::scale_of(step)},
            {"width", step.width},
            {"height", step.height},
            {"why", variants::why(step)}};
}

// Adds those who look at a feed; how many there are.
std::size_t add_clients(json& clients, const camera::Feed& feed, const std::string& variant,
                        SteadyTime now) {
    std::size_t count = 0;
    feed.for_each_viewing([&](const camera::Viewing& viewing) {
        const camera::Viewing::Description& description = viewing.description();
        if (description.shown_through != nullptr) {
            count += add_clients(clients, *description.shown_through, variant, now);
            return;
        }
        if (description.format.empty())
            return;  // a snapshot, or another feed
        ++count;
        clients[viewing.id()] = {
            {"fps", whole(viewing.rate(now))},
            {"extra_headers", description.extra_headers},
            {"advance_headers", description.advance_headers},
            {"dual_final_frames", description.dual_final_frames},
            {"zero_data", description.zero_data},
            {"key", description.key},
            {"format", description.format},
            {"frames", viewing.frames()},
            {"variant", variant},
        };
        if (description.auto_step)
            clients[viewing.id()]["auto"] = auto_words_of(*description.auto_step);
    });
    return count;
}

json size_of(const media::FramePtr& picture) {
    return {{"width", picture ? picture->width() : 0}, {"height", picture ? picture->height() : 0}};
}

// What is made of the camera's pictures; its viewers are added to the clients.
json add_variants(json& clients, const camera::Camera& camera, const Variants& variants,
                  SteadyTime now) {
    json made = json::array();
    variants.for_each(camera, [&](const Variants::Made& variant) {
        const std::string query = query_of(variant.recipe, variant.rate);
        made.push_back({
            {"recipe", to_string(variant.recipe)},
            {"fps", variant.rate},
            {"query", query},
            {"viewers", add_clients(clients, variant.feed, query, now)},
            {"sent_fps", thousandths(variant.feed.rate(now))},
            {"resolution", size_of(variant.feed.picture())},
            {"frames", variant.frames},
            {"overtaken", variant.overtaken},
            {"unusable", variant.unusable},
            {"encode_ms",
             thousandths(std::chrono::duration<double, std::milli>(variant.making).count())},
        });
    });
    return made;
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

http::Response state_response(const camera::Camera& camera, const variants::Variants& variants,
                              const std::string& instance_id) {
    const auto now = SteadyClock::now();
    json clients = json::object();
    add_clients(clients, camera.feed(), {}, now);
    json own = own_words_of(camera, now);
    own["variants"] = add_variants(clients, camera, variants, now);
    return answer({
        {"ok", true},
        {"result",
         {{"instance_id", instance_id},
          {"encoder",
           {{"type", "CPU"}, {"quality", camera.settings().capture.frames.encoder.quality}}},
          {"source",
           {{"resolution", size_of(camera.feed().picture())},
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
    return answer({{"ok", true}, {"cameras", states}});
}

}  // namespace onlooker::endpoints
