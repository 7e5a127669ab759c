#include "api/metrics.hpp"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "api/exposition.hpp"
#include "base/clock.hpp"
#include "camera/camera.hpp"
#include "endpoints/camera_json.hpp"

namespace onlooker::api {

namespace {

using camera::Camera;
using endpoints::Cameras;
using variants::Variants;
using State = camera::Supervision::State;
using Type = Exposition::Type;

template <typename Number>
double real(Number number) {
    return static_cast<double>(number);
}

double seconds(std::chrono::nanoseconds duration) {
    return std::chrono::duration<double>(duration).count();
}

endpoints::ViewerCount::Sent sent_to_all(const Measured& measured) {
    endpoints::ViewerCount::Sent sent = measured.settings.viewers->sent_to_gone();
    for (const auto& camera : measured.cameras)
        endpoints::for_each_viewer(*camera, measured.variants,
                                   [&sent](const endpoints::Viewer& viewer) {
                                       sent.frames += viewer.viewing.frames();
                                       sent.octets += viewer.viewing.progress().acknowledged;
                                   });
    return sent;
}

void add_connections(Exposition& text, const Measured& measured) {
    const Load load = measured.settings.load ? measured.settings.load() : Load{};
    text.family("onlooker_connections", Type::gauge, "Connections that are open.");
    text.add({}, real(load.connections));
    text.family("onlooker_connections_limit", Type::gauge, "Connections that may be open.");
    text.add({}, real(load.most_connections));
    text.family("onlooker_connections_accepted", Type::counter, "Connections that were let in.");
    text.add({}, real(load.admitted));
    text.family("onlooker_connections_turned_away", Type::counter,
                "Connections for which there was no room.");
    text.add({}, real(load.turned_away));
    text.family("onlooker_requests_refused", Type::counter,
                "Requests that were answered with an error, by its status.");
    for (const auto& [status, count] : measured.router.refusals())
        text.add({{"status", fmt::format("{}", status)}}, real(count));
}

void add_server(Exposition& text, const Measured& measured) {
    text.family("onlooker_build", Type::info, "What runs here.");
    text.add({{"version", measured.settings.version}}, 1);
    text.family("onlooker_start_time_seconds", Type::gauge, "When it was started, Unix time.");
    text.add({}, unix_seconds(measured.settings.started));
    add_connections(text, measured);
    const auto sent = sent_to_all(measured);
    text.family("onlooker_sent_frames", Type::counter, "Frames that viewers were sent.");
    text.add({}, real(sent.frames));
    text.family("onlooker_sent_bytes", Type::counter,
                "Octets of streams that viewers have acknowledged, heads included.");
    text.add({}, real(sent.octets));
    text.family("onlooker_variants_limit", Type::gauge, "Recipes that there may be at a time.");
    text.add({}, real(measured.settings.most_variants));
    text.family("onlooker_event_listeners", Type::gauge, "Listeners at /api/v1/events.");
    text.add({}, real(measured.listeners));
}

void add_states(Exposition& text, const Cameras& cameras) {
    text.family("onlooker_camera_state", Type::gauge, "1 for the state that the camera is in.");
    for (const auto& camera : cameras)
        for (const State state :
             {State::idle, State::starting, State::live, State::lingering, State::faulted})
            text.add({{"camera", camera->name()}, {"state", to_string(state)}},
                     camera->state() == state ? 1 : 0);
    text.family("onlooker_faults", Type::counter, "Faults that the log has told.");
    for (const auto& camera : cameras)
        text.add({{"camera", camera->name()}}, real(camera->counts().faults));
}

void add_losses(Exposition& text, const Cameras& cameras) {
    text.family("onlooker_frames_lost", Type::counter,
                "Frames that were not published, by cause: lost in the device, broken, above the "
                "highest rate, overtaken by a newer one before the loop took them, the same as the "
                "one before.");
    for (const auto& camera : cameras) {
        const Camera::Counts& counts = camera->counts();
        const std::array<std::pair<std::string_view, std::uint64_t>, 5> losses{
            {{"device", counts.losses.device},
             {"broken", counts.losses.broken},
             {"above_rate", counts.losses.pace},
             {"overtaken", counts.losses.loop},
             {"same", counts.same}}};
        for (const auto& [cause, count] : losses)
            text.add({{"camera", camera->name()}, {"cause", cause}}, real(count));
    }
}

void add_frames(Exposition& text, const Cameras& cameras) {
    text.family("onlooker_frames_published", Type::counter, "Frames that were shown.");
    for (const auto& camera : cameras)
        text.add({{"camera", camera->name()}}, real(camera->counts().frames));
    text.family("onlooker_published_bytes", Type::counter, "Octets of these frames.");
    for (const auto& camera : cameras)
        text.add({{"camera", camera->name()}}, real(camera->measures().octets));
    text.family("onlooker_newest_frame_age_seconds", Type::gauge,
                "Time since the newest picture was captured.");
    const auto now = SteadyClock::now();
    for (const auto& camera : cameras)
        if (const auto& picture = camera->feed().picture())
            text.add({{"camera", camera->name()}}, seconds(now - picture->stamps().captured));
}

void add_times(Exposition& text, const Cameras& cameras) {
    using camera::Measures;
    const auto add = [&](const char* name, const char* help, Histogram Measures::* which) {
        text.family(name, Type::histogram, help);
        for (const auto& camera : cameras)
            text.add({{"camera", camera->name()}}, camera->measures().*which);
    };
    add("onlooker_frame_age_seconds", "From the capture of a frame until it was published.",
        &Measures::age);
    add("onlooker_encode_seconds", "What it took to check a picture, or to encode it.",
        &Measures::encoding);
    add("onlooker_variant_encode_seconds",
        "What it took to make another picture of a frame, for a variant or a snapshot.",
        &Measures::variants);
    add("onlooker_loop_lag_seconds",
        "How long a frame that was ready waited until the loop took it.", &Measures::crossing);
}

void add_viewers(Exposition& text, const Cameras& cameras, const Variants& all) {
    text.family("onlooker_viewers", Type::gauge, "Streams that are being watched.");
    for (const auto& camera : cameras)
        text.add({{"camera", camera->name()}}, real(viewers_of(*camera, all)));
    text.family("onlooker_variants", Type::gauge, "Feeds that are made of the camera's pictures.");
    for (const auto& camera : cameras) {
        double variants = 0;
        all.for_each(*camera, [&variants](const Variants::Made&) { ++variants; });
        text.add({{"camera", camera->name()}}, variants);
    }
}

}  // namespace

http::Response metrics_response(const Measured& measured, const http::Request& request) {
    const Exposition::Format format = format_for(request.header("Accept"));
    const Cameras cameras = visible(measured.cameras, request.pass.get());
    Exposition text(format);
    add_server(text, measured);
    add_viewers(text, cameras, measured.variants);
    add_states(text, cameras);
    add_frames(text, cameras);
    add_losses(text, cameras);
    add_times(text, cameras);
    http::Response response;
    response.with("Content-Type", std::string(content_type(format)));
    response.with("Cache-Control", "no-store");
    response.body = std::move(text).finish();
    return response;
}

}  // namespace onlooker::api
