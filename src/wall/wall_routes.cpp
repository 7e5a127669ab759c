#include "wall/wall_routes.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/text.hpp"
#include "endpoints/loop_guard.hpp"
#include "endpoints/no_cache.hpp"
#include "endpoints/no_room.hpp"
#include "http/foreign_pages.hpp"
#include "media/frame.hpp"
#include "wall/wall_query.hpp"
#include "wall/wall_stream.hpp"
#include "wall/walls.hpp"

namespace onlooker::wall {

namespace {

using endpoints::CameraPtr;
using endpoints::Cameras;
using http::Method;
using http::Request;
using http::Response;
using http::RouteParameters;
using http::Scope;

Response multipart() {
    Response response;
    response.with("Content-Type", fmt::format("multipart/x-mixed-replace;boundary={}",
                                              media::Frame::common_boundary));
    endpoints::add_no_cache(response);
    response.with("X-Accel-Buffering", "no");
    response.framing = http::Framing::until_close;
    return response;
}

// Lives as long as its routes.
class WallRoutes : public std::enable_shared_from_this<WallRoutes> {
  public:
    WallRoutes(Executor executor, const Cameras& cameras, variants::Variants& variants,
               const endpoints::StreamSettings& settings)
        : executor_(executor), cameras_(cameras), variants_(variants), settings_(settings) {}

    void fill(http::Router& router);

  private:
    Response begin(const Request& request) const;
    Response change(const Request& request, const std::string& id) const;

    std::vector<std::string> names_for(const Request& request) const;
    // Those of `before` that are asked for again, and new ones; nothing is changed by a refusal.
    std::variant<Tiles, Response> tiles_for(const Request& request, const http::Query& words,
                                            const WallStream& before) const;

    Executor executor_;
    const Cameras& cameras_;
    variants::Variants& variants_;
    const endpoints::StreamSettings& settings_;
    std::shared_ptr<Walls> walls_ = std::make_shared<Walls>();
};

std::vector<std::string> WallRoutes::names_for(const Request& request) const {
    std::vector<std::string> names;
    for (const CameraPtr& camera : cameras_)
        if (!request.pass || request.pass->allows(Scope::view, camera->name()))
            names.push_back(camera->name());
    return names;
}

std::variant<Tiles, Response> WallRoutes::tiles_for(const Request& request,
                                                    const http::Query& words,
                                                    const WallStream& before) const {
    auto asked = wall_query(words, names_for(request));
    if (auto* refusal = std::get_if<Response>(&asked))
        return std::move(*refusal);
    Tiles tiles;
    for (AskedTile& tile : std::get<std::vector<AskedTile>>(asked)) {
        if (auto there = before.find(tile)) {
            tiles.push_back(std::move(there));
            continue;
        }
        const auto camera = std::ranges::find(cameras_, tile.camera,
                                              [](const CameraPtr& each) { return each->name(); });
        if (auto full = endpoints::no_room(settings_, tile.camera, request))
            return std::move(*full);
        auto view = variants_.view(**camera, tile.recipe, tile.rate);
        if (const auto* full = std::get_if<variants::Variants::Full>(&view))
            return Response::unavailable(full->words);
        camera::Viewing::Description description;
        description.via = endpoints::via_of(request);
        description.format = "wall";
        tiles.push_back(std::make_shared<Tile>(
            std::move(tile), *camera, std::get<variants::View>(std::move(view)),
            std::move(description), settings_.viewers, request.remote.address()));
    }
    return tiles;
}

Response WallRoutes::begin(const Request& request) const {
    if (auto refusal = endpoints::refuse_loop(endpoints::via_of(request)))
        return std::move(*refusal);
    Response response = multipart();
    if (request.method == Method::head) {
        response.body = std::make_unique<http::HeadOnly>();
        return response;
    }
    auto wall = std::make_unique<WallStream>(executor_, settings_, walls_);
    auto tiles = tiles_for(request, request.query, *wall);
    if (auto* refusal = std::get_if<Response>(&tiles))
        return std::move(*refusal);
    wall->show(std::get<Tiles>(std::move(tiles)));
    response.with("X-Wall", wall->id());
    response.body = std::move(wall);
    return response;
}

Response WallRoutes::change(const Request& request, const std::string& id) const {
    if (!http::may_change(request))
        return Response::error(403, "Only a page of this server itself may change a wall.");
    WallStream* const wall = walls_->find(id);
    if (wall == nullptr)
        return Response::error(404,
                               "There is no such wall, or it has ended: GET /wall begins one.");
    auto tiles = tiles_for(request, http::Query::parse(request.body), *wall);
    if (auto* refusal = std::get_if<Response>(&tiles))
        return std::move(*refusal);
    auto names = nlohmann::json::array();
    for (const auto& tile : std::get<Tiles>(tiles))
        names.push_back(tile->asked().camera);
    wall->show(std::get<Tiles>(std::move(tiles)));
    return Response::json(nlohmann::json{{"cameras", std::move(names)}}.dump());
}

void WallRoutes::fill(http::Router& router) {
    const auto self = shared_from_this();
    const http::Handler begin = [self](const Request& request,
                                       const RouteParameters&) -> Awaitable<Response> {
        co_return self->begin(request);
    };
    const http::Handler change = [self](const Request& request,
                                        const RouteParameters& parameters) -> Awaitable<Response> {
        co_return self->change(request, std::string(parameters.get("id")));
    };
    router.add({Method::get}, "/wall", Scope::view, begin);
    router.add({Method::post}, "/wall/{id}", Scope::view, change);
}

}  // namespace

void add_wall(http::Router& router, Executor executor, const Cameras& cameras,
              variants::Variants& variants, const endpoints::StreamSettings& settings) {
    std::make_shared<WallRoutes>(executor, cameras, variants, settings)->fill(router);
}

}  // namespace onlooker::wall
