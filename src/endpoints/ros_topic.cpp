#include "endpoints/ros_topic.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <ranges>
#include <string>
#include <string_view>

#include "base/text.hpp"

namespace onlooker::endpoints {

namespace {

constexpr std::size_t longest_told = 60;
constexpr std::size_t most_names_told = 20;

bool is_called(const camera::Camera& camera, std::string_view segment) {
    const auto as_in_ros = [](char c) { return c == '-' ? '_' : c; };
    return segment == camera.name() ||
           std::ranges::equal(segment, camera.name(), {}, {}, as_in_ros);
}

std::string names_of(const Cameras& cameras, const http::Pass* pass) {
    const auto may_see = [pass](const CameraPtr& camera) {
        return pass == nullptr || pass->allows(http::Scope::view, camera->name());
    };
    std::string names;
    std::size_t told = 0;
    for (const auto& camera : cameras | std::views::filter(may_see)) {
        if (told++ == most_names_told)
            return names + ", ...";
        names += (names.empty() ? "" : ", ") + camera->name();
    }
    return names;
}

bool is_jpeg(std::string_view type) {
    static constexpr std::array<std::string_view, 3> names{"", "mjpeg", "jpeg"};
    return std::ranges::any_of(
        names, [type](std::string_view name) { return equal_ignoring_case(type, name); });
}

}  // namespace

std::variant<CameraPtr, http::Response> camera_of_topic(const Cameras& cameras,
                                                        const http::Request& request) {
    const std::string_view topic = request.query.get("topic").value_or("");
    if (topic.empty())
        return cameras.front();
    if (const std::string_view type = request.query.get("type").value_or(""); !is_jpeg(type))
        return http::Response::error(
            400, fmt::format("type={}: pictures come as JPEG here, and as nothing else; ask for "
                             "type=mjpeg.",
                             escaped(type, longest_told)));
    if (cameras.size() == 1)
        return cameras.front();
    for (const auto part : topic | std::views::split('/')) {
        const std::string_view segment(part.begin(), part.end());
        for (const auto& camera : cameras) {
            if (is_called(*camera, segment))
                return camera;
        }
    }
    return http::Response::error(
        404, fmt::format("topic={}: no part of it is the name of a camera. The cameras are: {}.",
                         escaped(topic, longest_told), names_of(cameras, request.pass.get())));
}

}  // namespace onlooker::endpoints
