#include "endpoints/endpoints.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/limited_log.hpp"
#include "endpoints/assets.hpp"
#include "endpoints/compatibility.hpp"
#include "endpoints/frame_table.hpp"
#include "endpoints/mjpg_streamer.hpp"
#include "endpoints/named_camera.hpp"
#include "endpoints/no_room.hpp"
#include "endpoints/ros_topic.hpp"

namespace onlooker::endpoints {

namespace {

using http::Method;
using http::ready;
using http::Request;
using http::Response;
using http::RouteParameters;
using http::Scope;

// The article's boundary, and that of everybody else.
constexpr std::string_view article_boundary = "frame";
constexpr std::string_view common_boundary = media::Frame::common_boundary;

// Those that whoever has this pass may view.
std::vector<ShownCamera> shown(const Cameras& cameras, const http::Pass* pass) {
    std::vector<ShownCamera> all;
    for (const auto& camera : cameras) {
        if (pass == nullptr || pass->allows(Scope::view, camera->name()))
            all.push_back({.name = camera->name(),
                           .title = camera->settings().title,
                           .needs_name = camera != cameras.front()});
    }
    return all;
}

// What a body is made of line by line stays there as long as the body: a camera's frame log.
http::TextGenerator held(CameraPtr, http::TextGenerator lines) {
    while (const std::string_view* line = lines.next())
        co_yield *line;
}

// Which camera a request is about, and the answers that need one. Lives as long as its routes.
class Table : public std::enable_shared_from_this<Table> {
  public:
    Table(Executor executor, const Cameras& cameras, variants::Variants& variants,
          const EndpointSettings& settings)
        : executor_(executor),
          cameras_(cameras),
          variants_(variants),
          settings_(settings),
          page_(asset_of_page(index_page(shown(cameras, nullptr), settings.version))),
          manual_(asset_of_page(manual_page(settings.version))) {}

    Table(const Table&) = delete;
    Table& operator=(const Table&) = delete;
    ~Table() {
        settings_.stream.stalls->tell_rest(spdlog::level::info,
                                           "viewers that took nothing and were let go");
        settings_.stream.turned_away->tell_rest(spdlog::level::warn, "viewers turned away");
    }

    void fill(http::Router& router);
    void refresh(http::Router& router, const EndpointSettings& settings);

  private:
    void add_views(http::Router& router);

    // What a route does with its camera.
    using Answer = Awaitable<Response> (Table::*)(camera::Camera&, const Request&) const;

    Response stream(camera::Camera& camera, const Request& request,
                    std::string_view boundary) const {
        if (auto full = no_room(settings_.stream, camera.name(), request))
            return std::move(*full);
        auto view = asked_view(executor_, variants_, camera, request, settings_.view);
        if (auto* refusal = std::get_if<Response>(&view))
            return std::move(*refusal);
        return stream_response(executor_, std::get<variants::View>(std::move(view)), request,
                               boundary, settings_.stream);
    }
    Awaitable<Response> common_stream(camera::Camera& camera, const Request& request) const {
        co_return stream(camera, request, common_boundary);
    }
    Awaitable<Response> article_stream(camera::Camera& camera, const Request& request) const {
        co_return stream(camera, request, article_boundary);
    }
    Awaitable<Response> snapshot(camera::Camera& camera, const Request& request) const {
        return snapshot_response(variants_, camera, request, settings_.snapshot, settings_.view);
    }
    // Octolapse looks there for the name of the server.
    Awaitable<Response> mjpg_streamer_snapshot(camera::Camera& camera,
                                               const Request& request) const {
        Response response = co_await snapshot(camera, request);
        say_mjpg_streamer(response);
        co_return response;
    }
    Awaitable<Response> state(camera::Camera& camera, const Request&) const {
        co_return state_response(camera, variants_, settings_.instance_id);
    }
    Awaitable<Response> frames(camera::Camera& camera, const Request& request) const {
        co_return frames_page(camera.frame_log(), camera.name(), request);
    }
    Awaitable<Response> frames_table(camera::Camera& camera, const Request&) const {
        co_return frames_csv(camera.frame_log());
    }

    void strip_prefixes(http::Router& router) const;
    Awaitable<Response> answer_held(CameraPtr camera, Answer answer, const Request& request) const;
    http::Target target(const CameraPtr& camera, Answer answer, const Request& request) const;

    // Of the first camera, of the one that ?topic= or the path names, of the one that ?action=
    // numbers.
    http::Resolver of_first(Answer answer);
    http::Resolver of_topic(Answer answer);
    http::Resolver of_named(Answer answer);
    http::Resolution of_action(const Request& request) const;

    // The page, or what its address is asked to do.
    http::Resolution page(const Request& request) const;
    Response page_for(const Request& request) const;

    Executor executor_;
    const Cameras& cameras_;
    variants::Variants& variants_;
    EndpointSettings settings_;
    Asset page_;
    Asset manual_;
};

Awaitable<Response> Table::answer_held(CameraPtr camera, Answer answer,
                                       const Request& request) const {
    Response response = co_await (this->*answer)(*camera, request);
    if (auto* lines = std::get_if<http::TextGenerator>(&response.body))
        response.body = held(std::move(camera), std::move(*lines));
    co_return response;
}

http::Target Table::target(const CameraPtr& camera, Answer answer, const Request& request) const {
    return {camera->name(),
            [this, camera, answer, &request] { return answer_held(camera, answer, request); }};
}

http::Resolver Table::of_first(Answer answer) {
    return [self = shared_from_this(), answer](const Request& request, const RouteParameters&) {
        return self->target(self->cameras_.front(), answer, request);
    };
}

http::Resolver Table::of_topic(Answer answer) {
    return [self = shared_from_this(), answer](const Request& request,
                                               const RouteParameters&) -> http::Resolution {
        auto camera = camera_of_topic(self->cameras_, request);
        if (auto* found = std::get_if<CameraPtr>(&camera))
            return self->target(*found, answer, request);
        // Said again once the gate has given a pass: it names cameras.
        return http::Target{
            {}, [self, &request] {
                return ready(std::get<Response>(camera_of_topic(self->cameras_, request)));
            }};
    };
}

http::Resolver Table::of_named(Answer answer) {
    return [self = shared_from_this(), answer](
               const Request& request, const RouteParameters& parameters) -> http::Resolution {
        auto camera = camera_named(self->cameras_, parameters.get("name"));
        if (auto* refusal = std::get_if<Response>(&camera))
            return std::move(*refusal);
        return self->target(std::get<CameraPtr>(camera), answer, request);
    };
}

http::Resolution Table::of_action(const Request& request) const {
    auto asked = asked_action(request, cameras_.size());
    if (auto* refusal = std::get_if<Response>(&asked))
        return std::move(*refusal);
    const Action action = std::get<Action>(asked);
    const CameraPtr& camera = cameras_[action.camera];
    switch (action.kind) {
        case Action::Kind::stream:
            return target(camera, &Table::common_stream, request);
        case Action::Kind::snapshot:
            return target(camera, &Table::mjpg_streamer_snapshot, request);
        case Action::Kind::command:
            break;
    }
    return http::Target{camera->name(),
                        [camera, &request] { return command_response(camera, request); },
                        Scope::control};
}

http::Resolution Table::page(const Request& request) const {
    if (request.query.has("action"))
        return of_action(request);
    return http::Target{{}, [this, &request] { return ready(page_for(request)); }};
}

// Made for its reader where that one may not see everything.
Response Table::page_for(const Request& request) const {
    const auto cameras = shown(cameras_, request.pass.get());
    const std::string_view person = request.pass ? request.pass->person() : "";
    if (cameras.size() == cameras_.size() && person.empty())
        return page_.response(request);
    if (cameras.empty())
        return Response::error(403, "None of the cameras here is for you.");
    return asset_of_page(index_page(cameras, settings_.version, person)).response(request);
}

// Every view is there twice: of the first camera, as other servers have it, and below its name.
// Those that ROS has as well know a camera by its topic.
void Table::add_views(http::Router& router) {
    enum class Of : std::uint8_t { first, topic };
    struct View {
        // So that a row without a scope does not compile.
        constexpr View(std::string_view its_path, std::span<const Method> its_methods,
                       Scope its_scope, Answer its_answer, Of which = Of::first)
            : path(its_path),
              methods(its_methods),
              scope(its_scope),
              answer(its_answer),
              of(which) {}

        std::string_view path;
        std::span<const Method> methods;
        Scope scope;
        Answer answer;
        Of of;
    };
    static constexpr std::array get{Method::get};
    // Some iOS clients of mjpg-streamer ask for the stream with POST.
    static constexpr std::array get_or_post{Method::get, Method::post};
    static constexpr std::array views{
        View{"/video_feed", get, Scope::view, &Table::article_stream},
        View{"/stream", get_or_post, Scope::view, &Table::common_stream, Of::topic},
        View{"/stream.mjpg", get, Scope::view, &Table::common_stream},
        View{"/stream.mjpeg", get, Scope::view, &Table::common_stream},
        View{"/video.mjpg", get, Scope::view, &Table::common_stream},
        View{"/snapshot", get, Scope::view, &Table::snapshot, Of::topic},
        View{"/snapshot.jpg", get, Scope::view, &Table::snapshot},
        View{"/state", get, Scope::view, &Table::state},
        View{"/frames", get, Scope::view, &Table::frames},
        View{"/frames.csv", get, Scope::view, &Table::frames_table},
    };
    for (const View& view : views) {
        const std::vector<Method> methods(view.methods.begin(), view.methods.end());
        router.add(methods, view.path, view.scope,
                   view.of == Of::topic ? of_topic(view.answer) : of_first(view.answer));
        router.add(methods, fmt::format("/cameras/{{name}}{}", view.path), view.scope,
                   of_named(view.answer));
    }
}

void add_static_files(http::Router& router) {
    for (const StaticFile& file : static_files()) {
        const http::Handler answer = [asset = asset_of(file)](const Request& request,
                                                              const RouteParameters&) {
            return ready(asset.response(request));
        };
        router.add({Method::get}, file.path, file.scope, answer);
    }
}

void Table::fill(http::Router& router) {
    const auto self = shared_from_this();
    const http::Resolver page = [self](const Request& request, const RouteParameters&) {
        return self->page(request);
    };
    const http::Handler manual = [self](const Request& request, const RouteParameters&) {
        return ready(self->manual_.response(request));
    };
    const http::Handler health = [self](const Request& request, const RouteParameters&) {
        return ready(health_response(self->cameras_, request.pass.get()));
    };
    router.add({Method::get}, "/", Scope::view, page);
    router.add({Method::get}, "/manual", Scope::view, manual);
    add_static_files(router);
    router.add({Method::get}, "/healthz", Scope::public_, health);
    add_views(router);
    const auto shows = [self](Answer answer) -> Shows {
        return [self, answer](CameraPtr camera, const Request& request) {
            return self->answer_held(std::move(camera), answer, request);
        };
    };
    add_compatibility(router, cameras_,
                      {.stream = shows(&Table::common_stream), .snapshot = shows(&Table::snapshot)},
                      settings_.version);

    // Behind a proxy that does not strip its prefix: /webcam/stream, /webcam/?action=stream, and
    // even /webcam?action=stream.
    strip_prefixes(router);
    const auto action =
        std::make_shared<const http::Route>(std::vector{Method::get}, "/", Scope::view, page);
    router.choose_otherwise([action](const Request& request) {
        return request.query.has("action") ? action.get() : nullptr;
    });
}

void Table::strip_prefixes(http::Router& router) const {
    http::ProxyPrefix::Settings prefix{.named = settings_.prefix, .never = {}};
    for (const auto& camera : cameras_)
        prefix.never.push_back(camera->name());
    router.strip_prefixes(std::move(prefix));
}

void Table::refresh(http::Router& router, const EndpointSettings& settings) {
    settings_.stream.no_progress_limit = settings.stream.no_progress_limit;
    settings_.prefix = settings.prefix;
    page_ = asset_of_page(index_page(shown(cameras_, nullptr), settings_.version));
    strip_prefixes(router);
}

}  // namespace

Refresh add_endpoints(http::Router& router, Executor executor, const Cameras& cameras,
                      variants::Variants& variants, const EndpointSettings& settings) {
    const auto table = std::make_shared<Table>(executor, cameras, variants, settings);
    table->fill(router);
    return [table, &router](const EndpointSettings& next) { table->refresh(router, next); };
}

}  // namespace onlooker::endpoints
