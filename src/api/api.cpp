#include "api/api.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "api/control_changes.hpp"
#include "api/event_stream.hpp"
#include "api/metrics.hpp"
#include "api/open_api.hpp"
#include "api/problem.hpp"
#include "api/resource.hpp"
#include "endpoints/camera_json.hpp"
#include "endpoints/named_camera.hpp"

namespace onlooker::api {

namespace {

using endpoints::CameraPtr;
using endpoints::Cameras;
using http::Method;
using http::ready;
using http::Request;
using http::Response;
using http::RouteParameters;
using http::Scope;
using nlohmann::json;

// Lives as long as its routes.
class Api : public std::enable_shared_from_this<Api> {
  public:
    Api(const http::Router& router, const Cameras& cameras, const variants::Variants& variants,
        EventHub& events, Settings settings)
        : router_(router),
          cameras_(cameras),
          variants_(variants),
          events_(events),
          settings_(std::move(settings)) {}

    void fill(http::Router& router);

  private:
    // Of the server, and of one camera.
    using Answer = Awaitable<Response> (Api::*)(const Request&) const;
    using CameraAnswer = Awaitable<Response> (Api::*)(const CameraPtr&, const Request&) const;

    Awaitable<Response> server(const Request& request) const;
    Awaitable<Response> list(const Request& request) const;
    Awaitable<Response> describe(const Request& request) const;
    Awaitable<Response> listen(const Request& request) const;
    Awaitable<Response> measure(const Request& request) const;
    Awaitable<Response> camera(const CameraPtr& camera, const Request& request) const;
    Awaitable<Response> viewers(const CameraPtr& camera, const Request& request) const;
    Awaitable<Response> variants(const CameraPtr& camera, const Request& request) const;
    Awaitable<Response> controls(const CameraPtr& camera, const Request& request) const;
    Awaitable<Response> change(const CameraPtr& camera, const Request& request) const;

    struct Row {
        Resource resource;
        std::variant<Answer, CameraAnswer> answer;
    };
    static std::span<const Row> rows();

    Features features() const;
    http::Resolver resolver(const std::variant<Answer, CameraAnswer>& which);

    const http::Router& router_;
    const Cameras& cameras_;
    const variants::Variants& variants_;
    EventHub& events_;
    Settings settings_;
};

std::span<const Api::Row> Api::rows() {
    static constexpr std::array of_change{400, 409, 415, 422};
    static constexpr Resource server{Method::get, "/api/v1/server", Scope::view, "server",
                                     "What runs here, its limits, and what you may do."};
    static constexpr Resource cameras{Method::get, "/api/v1/cameras", Scope::view, "cameras",
                                      "The cameras that you may view, and how they are."};
    static constexpr Resource camera{Method::get, "/api/v1/cameras/{name}", Scope::view, "camera",
                                     "One camera, and how it is."};
    static constexpr Resource viewers{Method::get, "/api/v1/cameras/{name}/viewers", Scope::view,
                                      "viewers", "Who looks at it, and what reaches them."};
    static constexpr Resource variants{Method::get, "/api/v1/cameras/{name}/variants", Scope::view,
                                       "variants", "What is made of its pictures at present."};
    static constexpr Resource controls{Method::get, "/api/v1/cameras/{name}/controls", Scope::view,
                                       "controls", "Its controls, as the camera told them last."};
    static constexpr Resource change{Method::patch, "/api/v1/cameras/{name}/controls",
                                     Scope::control, "changeControls",
                                     "Changes all of the controls that are named, or none."};
    static constexpr Resource events{Method::get, "/api/v1/events", Scope::view, "events",
                                     "What changes, as server-sent events: camera, controls, "
                                     "viewers, gone, settings; begin names what is there."};
    static constexpr std::array of_events{
        Parameter{"cameras", "Only these, separated by commas.", "front,back"}};
    static constexpr std::array refusals_of_events{503};
    static constexpr Resource description{Method::get, "/api/v1/openapi.json", Scope::view,
                                          "description", "This description."};
    static const std::array table{
        Row{server.answering("Server"), &Api::server},
        Row{cameras.answering("Cameras"), &Api::list},
        Row{camera.answering("Camera"), &Api::camera},
        Row{viewers.answering("Viewers"), &Api::viewers},
        Row{variants.answering("Variants"), &Api::variants},
        Row{controls.answering("Controls"), &Api::controls},
        Row{change.answering("ChangedControls")
                .taking("ControlChanges", R"({"brightness": 12, "gain": null})")
                .refusing(of_change),
            &Api::change},
        Row{events.as("text/event-stream").with_parameters(of_events).refusing(refusals_of_events),
            &Api::listen},
        Row{description.answering("OpenApi"), &Api::describe},
    };
    return table;
}

Features Api::features() const {
    const auto has = [this](std::string_view pattern) {
        return std::ranges::any_of(
            router_.routes(), [pattern](const auto& route) { return route->pattern() == pattern; });
    };
    // The route is there on a server without the module for clips, too, and says so.
    const bool clips = !settings_.clip_formats.empty() && has("/cameras/{name}/clip");
    return {.clips = clips, .wall = has("/wall")};
}

Awaitable<Response> Api::server(const Request& request) const {
    const Cameras seen = visible(cameras_, request.pass.get());
    return ready(endpoints::json_response(
        server_document(settings_, features(), seen, variants_, request.pass.get())));
}

Awaitable<Response> Api::list(const Request& request) const {
    json cameras = json::array();
    for (const auto& camera : visible(cameras_, request.pass.get()))
        cameras.push_back(camera_document(*camera, variants_, features()));
    return ready(endpoints::json_response({{"cameras", std::move(cameras)}}));
}

Awaitable<Response> Api::describe(const Request& request) const {
    const Cameras seen = visible(cameras_, request.pass.get());
    std::vector<Resource> resources;
    for (const Row& row : rows())
        resources.push_back(row.resource);
    return ready(endpoints::json_response(
        open_api(resources, settings_.version, seen.empty() ? "NAME" : seen.front()->name())));
}

Awaitable<Response> Api::listen(const Request& request) const {
    const auto camera_words = [this](const camera::Camera& camera) {
        return camera_document(camera, variants_, features());
    };
    const auto viewers = [this](const camera::Camera& camera) {
        return viewers_of(camera, variants_);
    };
    return ready(events_response(
        events_, cameras_, settings_.instance_id,
        {.camera = camera_words, .controls = controls_document, .viewers = viewers}, request));
}

Awaitable<Response> Api::measure(const Request& request) const {
    return ready(metrics_response({.settings = settings_,
                                   .cameras = cameras_,
                                   .variants = variants_,
                                   .router = router_,
                                   .listeners = events_.listeners()},
                                  request));
}

Awaitable<Response> Api::camera(const CameraPtr& camera, const Request&) const {
    return ready(endpoints::json_response(camera_document(*camera, variants_, features())));
}

Awaitable<Response> Api::viewers(const CameraPtr& camera, const Request&) const {
    return ready(endpoints::json_response(viewers_document(*camera, variants_)));
}

Awaitable<Response> Api::variants(const CameraPtr& camera, const Request&) const {
    json words = json::object();
    words["variants"] = endpoints::variants_json(*camera, variants_, SteadyClock::now());
    return ready(endpoints::json_response(words));
}

Awaitable<Response> Api::controls(const CameraPtr& camera, const Request&) const {
    return ready(endpoints::json_response(controls_document(*camera)));
}

// The router has refused foreign pages: its scope says that it changes something.
Awaitable<Response> Api::change(const CameraPtr& camera, const Request& request) const {
    return patch_controls(camera, request);
}

// The camera is held: it may be taken away while the gate is asked, or while a driver is.
http::Resolver Api::resolver(const std::variant<Answer, CameraAnswer>& which) {
    const auto self = shared_from_this();
    if (const auto* answer = std::get_if<Answer>(&which))
        return [self, answer = *answer](const Request& request, const RouteParameters&) {
            return http::Target{
                {}, [self, answer, &request] { return (self.get()->*answer)(request); }};
        };
    return [self, answer = std::get<CameraAnswer>(which)](
               const Request& request, const RouteParameters& parameters) -> http::Resolution {
        auto named = endpoints::camera_named(self->cameras_, parameters.get("name"));
        if (auto* refusal = std::get_if<Response>(&named))
            return std::move(*refusal);
        const auto& camera = std::get<CameraPtr>(named);
        return http::Target{camera->name(), [self, answer, camera, &request] {
                                return (self.get()->*answer)(camera, request);
                            }};
    };
}

void Api::fill(http::Router& router) {
    for (const Row& row : rows())
        router.add({row.resource.method}, row.resource.path, row.resource.scope,
                   resolver(row.answer));
    router.add({Method::get}, "/metrics", Scope::view, resolver(&Api::measure));
    router.reword_refusals(word_as_problem);
}

}  // namespace

void add_api(http::Router& router, const Cameras& cameras, const variants::Variants& variants,
             EventHub& events, Settings settings) {
    std::make_shared<Api>(router, cameras, variants, events, std::move(settings))->fill(router);
}

}  // namespace onlooker::api
