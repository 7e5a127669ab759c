#include "endpoints/camera_json.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <cmath>
#include <cstddef>

#include "variants/auto_feed.hpp"

namespace onlooker::endpoints {

using nlohmann::json;
using variants::Variants;

namespace {

void visit_feed(const camera::Feed& feed, const std::string& variant,
                const std::function<void(const Viewer&)>& visit) {
    feed.for_each_viewing([&](const camera::Viewing& viewing) {
        const camera::Viewing::Description& description = viewing.description();
        if (description.shown_through != nullptr)
            visit_feed(*description.shown_through, variant, visit);
        else if (!description.format.empty())
            visit({.viewing = viewing, .feed = feed, .variant = variant});
    });
}

std::size_t viewers_of(const camera::Feed& feed) {
    std::size_t count = 0;
    visit_feed(feed, {}, [&count](const Viewer&) { ++count; });
    return count;
}

}  // namespace

double thousandths(double value) {
    return std::round(value * 1000) / 1000;
}

std::string query_of(const media::Recipe& recipe, double rate) {
    std::string query = to_string(recipe);
    if (rate > 0)
        query += fmt::format("{}fps={}", query.empty() ? "" : "&", rate);
    return query;
}

json auto_json(const camera::AutoStep& step) {
    return {{"step", variants::scale_of(step)},
            {"width", step.width},
            {"height", step.height},
            {"why", variants::why(step)}};
}

json size_json(const media::FramePtr& picture) {
    return {{"width", picture ? picture->width() : 0}, {"height", picture ? picture->height() : 0}};
}

json fault_json(const camera::Fault& fault) {
    return {{"kind", to_string(fault.kind)}, {"words", fault.words}};
}

json counts_json(const camera::Camera& camera) {
    const camera::Camera::Counts& counts = camera.counts();
    return {{"published", counts.frames},
            {"same", counts.same},
            {"lost_in_device", counts.losses.device},
            {"broken", counts.losses.broken},
            {"above_rate", counts.losses.pace},
            {"overtaken", counts.losses.loop}};
}

json variants_json(const camera::Camera& camera, const Variants& variants, SteadyTime now) {
    json made = json::array();
    variants.for_each(camera, [&](const Variants::Made& variant) {
        made.push_back({
            {"recipe", to_string(variant.recipe)},
            {"fps", variant.rate},
            {"query", query_of(variant.recipe, variant.rate)},
            {"viewers", viewers_of(variant.feed)},
            {"sent_fps", thousandths(variant.feed.rate(now))},
            {"resolution", size_json(variant.feed.picture())},
            {"frames", variant.frames},
            {"overtaken", variant.overtaken},
            {"unusable", variant.unusable},
            {"encode_ms",
             thousandths(std::chrono::duration<double, std::milli>(variant.making).count())},
        });
    });
    return made;
}

void for_each_viewer(const camera::Camera& camera, const Variants& variants,
                     const std::function<void(const Viewer&)>& visit) {
    visit_feed(camera.feed(), {}, visit);
    variants.for_each(camera, [&visit](const Variants::Made& variant) {
        visit_feed(variant.feed, query_of(variant.recipe, variant.rate), visit);
    });
}

std::string text_of(const json& document) {
    return document.dump(-1, ' ', false, json::error_handler_t::replace);
}

http::Response json_response(const json& document) {
    return http::Response::json(text_of(document));
}

}  // namespace onlooker::endpoints
