// The camera that the path of an address names.
//
// Thread: the loop.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <variant>

#include "base/text.hpp"
#include "endpoints/status.hpp"
#include "http/message/response.hpp"

namespace onlooker::endpoints {

inline std::variant<CameraPtr, http::Response> camera_named(const Cameras& cameras,
                                                            std::string_view name) {
    const auto camera =
        std::ranges::find(cameras, name, [](const auto& each) { return each->name(); });
    if (camera == cameras.end())
        return http::Response::error(404, fmt::format("There is no camera {}.", escaped(name, 40)));
    return *camera;
}

}  // namespace onlooker::endpoints
