#include "endpoints/compatibility.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <utility>
#include <variant>

#include "endpoints/camera_streamer.hpp"
#include "endpoints/mjpg_streamer.hpp"
#include "endpoints/named_camera.hpp"

namespace onlooker::endpoints {

namespace {

using http::Method;
using http::ready;
using http::Request;
using http::Resolution;
using http::Response;
using http::RouteParameters;
using http::Scope;

http::Target target(CameraPtr camera, const Shows& shows, const Request& request) {
    const std::string_view name = camera->name();
    return {name,
            [&shows, camera = std::move(camera), &request] { return shows(camera, request); }};
}

// Of camera number `index`.
http::Resolver of_number(const Cameras& cameras, std::size_t index, Shows shows) {
    return [&cameras, index, shows = std::move(shows)](const Request& request,
                                                       const RouteParameters&) -> Resolution {
        if (index >= cameras.size())
            return Response::error(404,
                                   fmt::format("There is no camera {}; they count from 0.", index));
        return target(cameras[index], shows, request);
    };
}

// Of the one that ?src= names, as go2rtc has it; the first where nothing does.
http::Resolver of_source(const Cameras& cameras, Shows shows) {
    return [&cameras, shows = std::move(shows)](const Request& request,
                                                const RouteParameters&) -> Resolution {
        const auto name = request.query.get("src");
        if (!name || name->empty())
            return target(cameras.front(), shows, request);
        auto named = camera_named(cameras, *name);
        if (auto* refusal = std::get_if<Response>(&named))
            return std::move(*refusal);
        return target(std::get<CameraPtr>(named), shows, request);
    };
}

void add_mjpg_streamer(http::Router& router, const Cameras& cameras) {
    const Shows input = [](const CameraPtr& camera, const Request&) {
        return ready(input_json(*camera));
    };
    const Shows output = [](const CameraPtr&, const Request&) { return ready(output_json()); };
    router.add({Method::get}, "/input.json", Scope::view, of_number(cameras, 0, input));
    router.add({Method::get}, "/output.json", Scope::view, of_number(cameras, 0, output));
    for (std::size_t i = 0; i < most_numbered; ++i) {
        router.add({Method::get}, fmt::format("/input_{}.json", i), Scope::view,
                   of_number(cameras, i, input));
        router.add({Method::get}, fmt::format("/output_{}.json", i), Scope::view,
                   of_number(cameras, i, output));
    }
    const http::Handler program = [&cameras](const Request& request, const RouteParameters&) {
        return ready(program_json(cameras, request.pass.get()));
    };
    router.add({Method::get}, "/program.json", Scope::view, program);
}

}  // namespace

void add_compatibility(http::Router& router, const Cameras& cameras, Shown shown,
                       const std::string& version) {
    add_mjpg_streamer(router, cameras);
    const Shows status = [version](const CameraPtr& camera, const Request& request) {
        return ready(camera_streamer_status(*camera, request, version));
    };
    router.add({Method::get}, "/status", Scope::view, of_number(cameras, 0, status));
    router.add({Method::get}, "/option", Scope::control,
               of_number(cameras, 0, camera_streamer_option));
    router.add({Method::get}, "/api/stream.mjpeg", Scope::view,
               of_source(cameras, std::move(shown.stream)));
    router.add({Method::get}, "/api/frame.jpeg", Scope::view,
               of_source(cameras, std::move(shown.snapshot)));
}

}  // namespace onlooker::endpoints
