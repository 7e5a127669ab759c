#include "endpoints/camera_streamer.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <string_view>
#include <utility>

#include "base/text.hpp"
#include "camera/control_limits.hpp"
#include "endpoints/camera_json.hpp"
#include "endpoints/change_controls.hpp"

namespace onlooker::endpoints {

namespace {

using camera::Control;
using nlohmann::json;

constexpr std::size_t shown_octets = 60;

json output_json(const camera::Camera& camera, const char* name) {
    const media::FramePtr& picture = camera.feed().picture();
    json output = {{"name", name}, {"enabled", true}};
    if (!picture)
        return output;
    output["width"] = picture->width();
    output["height"] = picture->height();
    output["source"] = camera.name();
    output["frames"] = camera.counts().frames;
    output["dropped"] = camera.counts().losses.sum();
    return output;
}

json endpoint_json(const http::Request& request, const char* name) {
    return {{"enabled", true},
            {"output", name},
            {"uri", fmt::format("{}://{}{}/{}", request.secure ? "https" : "http",
                                request.header("Host"), request.prefix, name)}};
}

std::string list_of(const camera::Camera& camera) {
    std::string list = "Set: /option?key=name&value=value\n";
    for (const Control& control : camera.controls())
        list += fmt::format("\n{}: {:g} ({:g} to {:g}, default {:g})", control.id, control.value,
                            control.minimum, control.maximum, control.fallback);
    return list;
}

http::Response said(int status, std::string words) {
    return http::Response::text(status, std::move(words)).with("Cache-Control", "no-store");
}

}  // namespace

http::Response camera_streamer_status(const camera::Camera& camera, const http::Request& request,
                                      const std::string& version) {
    json document = {
        {"version", {{"program", "onlooker"}, {"version", version}}},
        {"outputs",
         {{"snapshot", output_json(camera, "snapshot")},
          {"stream", output_json(camera, "stream")}}},
        {"devices", json::array({{{"name", camera.name()}, {"path", camera.settings().driver}}})},
        {"links", json::array()},
        {"endpoints",
         {{"snapshot", endpoint_json(request, "snapshot")},
          {"stream", endpoint_json(request, "stream")}}}};
    for (const char* absent : {"video", "rtsp", "webrtc"})
        document["endpoints"][absent] = {{"enabled", false}};
    return json_response(document);
}

Awaitable<http::Response> camera_streamer_option(CameraPtr camera, const http::Request& request) {
    const std::string key(request.query.get("key").value_or(""));
    if (key.empty())
        co_return said(200, list_of(*camera));
    if (!may_command(request))
        co_return http::Response::error(403,
                                        "Only a page of this server itself, or a program "
                                        "that is no browser, may set options.");
    const std::string text(request.query.get("value").value_or(""));
    const auto refusal = [&](std::string_view why) {
        return said(500, fmt::format("Cannot set '{}' to '{}': {}.", escaped(key, shown_octets),
                                     escaped(text, shown_octets), why));
    };
    const Control* const control = control_called(*camera, key);
    if (control == nullptr)
        co_return refusal("the camera has told of no such control");
    const auto value = camera::value_named(*control, text);
    if (!value)
        co_return refusal("its value is a number, or the name of one");
    if (const std::string why = camera::why_not(*control, *value); !why.empty())
        co_return refusal(why);
    if (request.method != http::Method::head) {
        const auto unmet = co_await change_control(camera, control->id, *value);
        if (!unmet.empty() && is_open(*camera))
            co_return refusal("the camera did not take it");
    }
    co_return said(200, fmt::format("The '{}' was set to '{}'.", escaped(key, shown_octets),
                                    escaped(text, shown_octets)));
}

}  // namespace onlooker::endpoints
