#include "clips/clip_routes.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/limited_log.hpp"
#include "base/running_clock.hpp"
#include "clips/attachment.hpp"
#include "clips/clip_query.hpp"
#include "clips/clip_source.hpp"
#include "clips/clip_stream.hpp"
#include "endpoints/asked_view.hpp"
#include "endpoints/loop_guard.hpp"
#include "endpoints/named_camera.hpp"
#include "endpoints/no_cache.hpp"
#include "endpoints/no_picture.hpp"
#include "endpoints/no_room.hpp"

namespace onlooker::clips {

namespace {

using endpoints::CameraPtr;
using http::Method;
using http::Request;
using http::Response;
using http::RouteParameters;
using http::Scope;
using std::chrono::system_clock;

// video/matroska: RFC 9559.
std::string_view media_type(Format format) noexcept {
    return format == Format::mkv   ? "video/matroska"
           : format == Format::mp4 ? "video/mp4"
                                   : "video/x-msvideo";
}

Response head_of(const camera::Camera& camera, Format format, system_clock::time_point begins) {
    Response response;
    response.with("Content-Type", std::string(media_type(format)));
    response.with("Content-Disposition",
                  attachment(camera.name(), camera.settings().title, begins, to_string(format)));
    endpoints::add_no_cache(response);
    response.with("X-Accel-Buffering", "no");
    return response;
}

// HEAD asks what a GET would say, and opens no camera for it.
http::TextGenerator nothing() {
    co_return;
}

// Lives as long as its routes.
class ClipRoutes : public std::enable_shared_from_this<ClipRoutes> {
  public:
    ClipRoutes(Executor executor, const ClipParts& parts) : executor_(executor), parts_(parts) {}
    ClipRoutes(const ClipRoutes&) = delete;
    ClipRoutes& operator=(const ClipRoutes&) = delete;
    ~ClipRoutes() { log_->tell_rest(spdlog::level::info, "clips that have ended"); }

    void fill(http::Router& router);

  private:
    struct Asked {
        ClipQuery query;
        variants::View view;
        bool is_own_feed = false;  // of the camera
    };
    std::variant<Asked, Response> asked(camera::Camera& camera, const Request& request) const;
    Response no_module() const {
        return Response::error(
            501, fmt::format("This server records no clips: {}.", parts_.loader.why_not()));
    }
    std::shared_ptr<ClipSource> begin(const CameraPtr& camera, const Request& request,
                                      Asked& asked) const;
    Awaitable<Response> answer(CameraPtr camera, const Request& request) const;
    http::Target target(const CameraPtr& camera, const Request& request) const;

    Executor executor_;
    ClipParts parts_;
    std::shared_ptr<LimitedLog> log_ = std::make_shared<LimitedLog>();
};

std::variant<ClipRoutes::Asked, Response> ClipRoutes::asked(camera::Camera& camera,
                                                            const Request& request) const {
    if (parts_.loader.formats().empty())
        return no_module();
    auto query = clip_query(
        request.query, {.formats = parts_.loader.formats(), .pre_roll = parts_.pre_rolls.time()});
    if (auto* refusal = std::get_if<Response>(&query))
        return std::move(*refusal);
    auto view =
        endpoints::asked_view(executor_, parts_.variants, camera, request, parts_.settings.view);
    if (auto* refusal = std::get_if<Response>(&view))
        return std::move(*refusal);
    Asked asked;
    asked.query = std::get<ClipQuery>(query);
    asked.view = std::get<variants::View>(std::move(view));
    asked.is_own_feed = asked.view.feed == &camera.feed();
    if (asked.view.auto_feed != nullptr)
        return Response::error(400, "auto is for streams: the pictures of a clip have one size.");
    if (!asked.is_own_feed && asked.query.pre_roll.value_or(std::chrono::seconds(0)).count() > 0)
        return Response::error(400,
                               "pre_roll and another size, rate or look contradict each other: "
                               "what is kept are the camera's own pictures.");
    return asked;
}

std::shared_ptr<ClipSource> ClipRoutes::begin(const CameraPtr& camera, const Request& request,
                                              Asked& asked) const {
    ClipSource::Viewer viewer;
    viewer.description.via = endpoints::via_of(request);
    viewer.description.format = "clip";
    viewer.count = parts_.settings.stream.viewers;
    viewer.address = request.remote.address();
    ClipSource::Settings settings;
    settings.length = asked.query.seconds;
    settings.every = asked.query.every;
    const auto source = std::make_shared<ClipSource>(executor_, camera, std::move(asked.view),
                                                     std::move(viewer), settings);
    std::vector<media::FramePtr> before;
    if (asked.is_own_feed && asked.query.every.count() == 0)
        before = parts_.pre_rolls.of(
            *camera, SteadyClock::now() - asked.query.pre_roll.value_or(parts_.pre_rolls.time()));
    source->begin(before);
    // Its task keeps it, too, until it is told to end: by whoever lets go of this.
    return {source.get(), [source](ClipSource*) { source->end(); }};
}

Awaitable<Response> ClipRoutes::answer(CameraPtr camera, const Request& request) const {
    auto checked = asked(*camera, request);
    if (auto* refusal = std::get_if<Response>(&checked))
        co_return std::move(*refusal);
    auto& wish = std::get<Asked>(checked);
    if (request.method == Method::head) {
        Response response = head_of(*camera, wish.query.format, system_clock::now());
        response.body = nothing();
        co_return response;
    }
    if (auto full = endpoints::no_room(parts_.settings.stream, camera->name(), request))
        co_return std::move(*full);
    // Before the module is loaded, which takes a moment: the clip begins now.
    const auto source = begin(camera, request, wish);
    const SteadyTime limit = RunningClock::now() + parts_.wait_at_most;
    const ClipModule* const module = co_await parts_.loader.module();
    if (module == nullptr)
        co_return no_module();
    const bool has_frame = co_await source->first_frame(request.conversation, limit);
    if (!has_frame)
        co_return endpoints::no_picture(source->feed());
    Response response = head_of(*camera, wish.query.format, source->begins());
    ClipStream::Settings settings;
    settings.format = wish.query.format;
    settings.is_time_lapse = wish.query.every.count() > 0;
    settings.log = log_;
    response.body = std::make_unique<ClipStream>(executor_, *module, source, std::move(settings));
    co_return response;
}

http::Target ClipRoutes::target(const CameraPtr& camera, const Request& request) const {
    return {camera->name(), [self = shared_from_this(), camera, &request] {
                return self->answer(camera, request);
            }};
}

void ClipRoutes::fill(http::Router& router) {
    const auto self = shared_from_this();
    const http::Resolver of_first = [self](const Request& request, const RouteParameters&) {
        return self->target(self->parts_.cameras.front(), request);
    };
    const http::Resolver of_named = [self](const Request& request,
                                           const RouteParameters& parameters) -> http::Resolution {
        auto camera = endpoints::camera_named(self->parts_.cameras, parameters.get("name"));
        if (auto* refusal = std::get_if<Response>(&camera))
            return std::move(*refusal);
        return self->target(std::get<CameraPtr>(camera), request);
    };
    router.add({Method::get}, "/clip", Scope::view, of_first);
    router.add({Method::get}, "/cameras/{name}/clip", Scope::view, of_named);
}

}  // namespace

void add_clips(http::Router& router, Executor executor, const ClipParts& parts) {
    std::make_shared<ClipRoutes>(executor, parts)->fill(router);
}

}  // namespace onlooker::clips
