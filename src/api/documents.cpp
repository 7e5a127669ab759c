#include "api/documents.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <iterator>
#include <optional>
#include <string_view>

#include "base/clock.hpp"
#include "camera/control_limits.hpp"
#include "endpoints/camera_json.hpp"

namespace onlooker::api {

using endpoints::Cameras;
using http::Scope;
using nlohmann::json;

namespace {

double milliseconds(SteadyClock::duration duration) {
    return endpoints::thousandths(std::chrono::duration<double, std::milli>(duration).count());
}

bool may(const http::Pass* pass, Scope scope, const Cameras& cameras) {
    return pass == nullptr || std::ranges::any_of(cameras, [&](const auto& camera) {
               return pass->allows(scope, camera->name());
           });
}

std::size_t count_of_variants(const Cameras& cameras, const variants::Variants& variants) {
    std::size_t count = 0;
    for (const auto& camera : cameras)
        variants.for_each(*camera, [&count](const variants::Variants::Made&) { ++count; });
    return count;
}

// Relative to the root, or what a proxy has put in front of it.
json links_of(const camera::Camera& camera, const Features& features) {
    const std::string base = "./cameras/" + camera.name();
    const std::string own = "./api/v1/cameras/" + camera.name();
    json links = {{"stream", base + "/stream"},    {"snapshot", base + "/snapshot"},
                  {"frames", base + "/frames"},    {"state", base + "/state"},
                  {"controls", own + "/controls"}, {"viewers", own + "/viewers"}};
    if (features.clips)
        links["clip"] = base + "/clip";
    return links;
}

json last_frame_of(const media::Frame& frame, SteadyTime now) {
    return {{"number", frame.number()},
            {"time", unix_seconds(frame.stamps().wall)},
            {"age_ms", milliseconds(now - frame.stamps().captured)},
            {"octets", frame.jpeg().size()}};
}

// What was on show and did not reach this viewer. One that is shown the newest, or will be in a
// moment, has missed nothing by that.
std::uint64_t skipped_by(const endpoints::Viewer& viewer, bool has_newest) {
    const std::uint64_t missed =
        viewer.viewing.offered() - std::min(viewer.viewing.offered(), viewer.viewing.frames());
    return missed - std::min<std::uint64_t>(missed, has_newest ? 0 : 1);
}

// Of the picture that was sent last. That of a viewer who is behind is reckoned from the rate of
// its feed: to remember the time of each picture that each viewer was sent would cost all of them.
double age_of(const endpoints::Viewer& viewer, std::uint64_t sent, SteadyTime now) {
    const camera::Feed& feed = viewer.feed;
    double age = milliseconds(now - feed.showing()->stamps().captured);
    const double rate = feed.rate(now);
    if (sent < feed.frame_edition() && rate > 0)
        age += static_cast<double>(feed.frame_edition() - sent) * 1000 / rate;
    return endpoints::thousandths(age);
}

// A feed shows every frame that its viewer asked for. What that one did not get came while its wire
// was busy, or else while the server itself had no time for it.
json skipped_document(std::uint64_t total, std::optional<std::uint64_t> for_link) {
    json words = {{"total", total}};
    if (total == 0)
        return words;
    const std::uint64_t link = std::min(total, for_link.value_or(total));
    words["link"] = link;
    words["server"] = total - link;
    words["why"] = 2 * link >= total ? "link" : "server";
    return words;
}

json viewer_document(const endpoints::Viewer& viewer, SteadyTime now) {
    const camera::Viewing& viewing = viewer.viewing;
    const camera::Viewing::Progress progress = viewing.progress();
    const bool has_newest = progress.edition >= viewer.feed.frame_edition();
    json words = {
        {"id", viewing.id()},
        {"key", viewing.description().key},
        {"format", viewing.description().format},
        {"variant", viewer.variant},
        {"since", unix_seconds(viewing.since())},
        {"frames", viewing.frames()},
        {"skipped", skipped_document(skipped_by(viewer, has_newest), progress.skipped_for_link)},
        {"fps", endpoints::thousandths(viewing.rate(now))},
        {"queue_octets", progress.queued},
        {"acknowledged_octets", progress.acknowledged}};
    if (progress.edition != 0 && viewer.feed.showing())
        words["age_ms"] = age_of(viewer, progress.edition, now);
    if (viewing.description().auto_step)
        words["auto"] = endpoints::auto_json(*viewing.description().auto_step);
    return words;
}

json viewers_limits(const endpoints::ViewerCount& viewers) {
    const endpoints::ViewerLimits& limits = viewers.limits();
    return {{"now", viewers.now()},
            {"max", limits.total},
            {"per_camera", limits.per_camera},
            {"per_address", limits.per_address}};
}

json control_document(const camera::Control& control) {
    json menu = json::array();
    for (const auto& item : control.menu)
        menu.push_back({{"value", item.value}, {"name", item.name}});
    return {{"id", control.id},
            {"name", control.name},
            {"type", camera::to_string(control.type)},
            {"minimum", control.minimum},
            {"maximum", control.maximum},
            {"step", control.step},
            {"default", control.fallback},
            {"value", control.value},
            {"read_only", control.read_only},
            {"inactive", control.inactive},
            {"menu", std::move(menu)}};
}

}  // namespace

Cameras visible(const Cameras& cameras, const http::Pass* pass) {
    Cameras seen;
    std::ranges::copy_if(cameras, std::back_inserter(seen), [pass](const auto& camera) {
        return pass == nullptr || pass->allows(Scope::view, camera->name());
    });
    return seen;
}

double unix_seconds(std::chrono::system_clock::time_point time) {
    return std::chrono::duration<double>(
               std::chrono::floor<std::chrono::microseconds>(time.time_since_epoch()))
        .count();
}

json server_document(const Settings& settings, const Features& features, const Cameras& cameras,
                     const variants::Variants& variants, const http::Pass* pass) {
    const Load load = settings.load ? settings.load() : Load{};
    json words = {
        {"name", "onlooker"},
        {"version", settings.version},
        {"instance", settings.instance_id},
        {"started", unix_seconds(settings.started)},
        {"time", unix_seconds(std::chrono::system_clock::now())},
        {"limits",
         {{"connections", {{"now", load.connections}, {"max", load.most_connections}}},
          {"viewers", viewers_limits(*settings.viewers)},
          {"variants",
           {{"now", count_of_variants(cameras, variants)}, {"max", settings.most_variants}}}}},
        {"features",
         {{"clips", features.clips ? settings.clip_formats : std::vector<std::string>{}},
          {"wall", features.wall},
          {"controls", true}}},
        {"may",
         {{"control", may(pass, Scope::control, cameras)},
          {"link", settings.has_users && may(pass, Scope::admin, cameras)}}}};
    if (pass != nullptr && !pass->person().empty())
        words["person"] = pass->person();
    return words;
}

json camera_document(const camera::Camera& camera, const variants::Variants& variants,
                     const Features& features) {
    const auto now = SteadyClock::now();
    const media::FramePtr& picture = camera.feed().picture();
    json words = {{"name", camera.name()},
                  {"title", camera.settings().title},
                  {"driver", camera.settings().driver},
                  {"state", to_string(camera.state())},
                  {"live", camera.live()},
                  {"size", endpoints::size_json(picture)},
                  {"fps", endpoints::thousandths(camera.captured_rate(now))},
                  {"nominal_fps", camera.settings().supervision.nominal_rate},
                  {"frames", endpoints::counts_json(camera)},
                  {"faults", camera.counts().faults},
                  {"viewers", viewers_of(camera, variants)},
                  {"controls", camera.controls().size()},
                  {"variants", endpoints::variants_json(camera, variants, now)},
                  {"links", links_of(camera, features)}};
    if (camera.fault())
        words["fault"] = endpoints::fault_json(*camera.fault());
    if (picture)
        words["last_frame"] = last_frame_of(*picture, now);
    return words;
}

std::size_t viewers_of(const camera::Camera& camera, const variants::Variants& variants) {
    std::size_t count = 0;
    endpoints::for_each_viewer(camera, variants, [&count](const endpoints::Viewer&) { ++count; });
    return count;
}

json viewers_document(const camera::Camera& camera, const variants::Variants& variants) {
    const auto now = SteadyClock::now();
    json viewers = json::array();
    endpoints::for_each_viewer(camera, variants, [&](const endpoints::Viewer& viewer) {
        viewers.push_back(viewer_document(viewer, now));
    });
    return {{"viewers", std::move(viewers)}};
}

json controls_document(const camera::Camera& camera) {
    json controls = json::array();
    for (const camera::Control& control : camera.controls())
        controls.push_back(control_document(control));
    return {{"controls", std::move(controls)}};
}

}  // namespace onlooker::api
