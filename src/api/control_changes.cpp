#include "api/control_changes.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "api/documents.hpp"
#include "api/problem.hpp"
#include "base/text.hpp"
#include "camera/control_limits.hpp"
#include "endpoints/camera_json.hpp"
#include "endpoints/change_controls.hpp"

namespace onlooker::api {

namespace {

using camera::Control;
using camera::ControlChange;
using nlohmann::json;

constexpr std::size_t most_at_once = 256;
constexpr std::size_t shown_octets = 60;

std::optional<double> value_of(const Control& control, const json& value) {
    if (value.is_null())
        return control.fallback;
    if (value.is_boolean())
        return value.get<bool>() ? 1 : 0;
    if (value.is_number())
        return value.get<double>();
    if (value.is_string())
        return camera::value_named(control, value.get_ref<const std::string&>());
    return std::nullopt;
}

// Empty: the control can take the value, and `changes` has it.
std::string take(const camera::Camera& camera, const std::string& id, const json& value,
                 std::vector<ControlChange>& changes) {
    const auto& controls = camera.controls();
    const auto control = std::ranges::find(controls, id, &Control::id);
    if (control == controls.end())
        return "the camera has no such control";
    const bool is_button = control->type == Control::Type::button;
    if (is_button && !endpoints::is_open(camera))
        return "the camera is closed, and a button only does something while it is open";
    const auto number = is_button && value.is_null() ? std::nullopt : value_of(*control, value);
    if (!number)
        return is_button ? "it is a button, which is pressed with true" : "that is no value for it";
    std::string why = camera::why_not(*control, *number);
    if (why.empty())
        changes.push_back({.id = id, .value = *number});
    return why;
}

bool is_json(const http::Request& request) {
    std::string_view type = request.header("Content-Type");
    type = trimmed(type.substr(0, type.find(';')));
    return equal_ignoring_case(type, "application/json") ||
           equal_ignoring_case(type, "application/merge-patch+json");
}

std::string why_unmet(const camera::Camera& camera, const std::string& id) {
    const auto control = std::ranges::find(camera.controls(), id, &Control::id);
    if (!endpoints::is_open(camera))
        return "the camera is closed; it is set when the camera opens";
    if (control == camera.controls().end())
        return "the camera does not have it any more";
    return fmt::format("the camera says {:g}{}", control->value,
                       control->inactive ? "; at present another control decides" : "");
}

json changed_document(const camera::Camera& camera, const std::vector<std::string>& unmet) {
    json words = controls_document(camera);
    words["unmet"] = json::array();
    for (const std::string& id : unmet)
        words["unmet"].push_back({{"id", id}, {"why", why_unmet(camera, id)}});
    return words;
}

}  // namespace

std::variant<std::vector<ControlChange>, http::Response> control_changes(
    const camera::Camera& camera, std::string_view body) {
    const json document = json::parse(body, nullptr, false);
    if (!document.is_object())
        return problem(400,
                       "The body is a JSON object with a value for each control that is to change, "
                       "as in {\"brightness\": 12, \"gain\": null}.");
    if (document.size() > most_at_once)
        return problem(400, fmt::format("At most {} controls change at a time.", most_at_once));
    if (camera.controls().empty())
        return problem(409, endpoints::is_open(camera)
                                ? "This camera has no controls."
                                : "This camera is closed and has told no controls yet; "
                                  "it opens when somebody looks at it.");
    std::vector<ControlChange> changes;
    json refused = json::array();
    for (const auto& [id, value] : document.items()) {
        if (std::string why = take(camera, id, value, changes); !why.empty())
            refused.push_back({{"id", id.substr(0, shown_octets)}, {"why", std::move(why)}});
    }
    if (!refused.empty())
        return problem(422, "Nothing was changed: the camera cannot take some of these values.",
                       {{"refused", std::move(refused)}});
    return changes;
}

Awaitable<http::Response> patch_controls(std::shared_ptr<camera::Camera> camera,
                                         const http::Request& request) {
    if (!is_json(request))
        co_return problem(415, "The body is JSON: send Content-Type: application/json.");
    auto changes = control_changes(*camera, request.body);
    if (auto* refusal = std::get_if<http::Response>(&changes))
        co_return std::move(*refusal);
    const auto unmet = co_await endpoints::change_controls(
        camera, std::move(std::get<std::vector<ControlChange>>(changes)));
    co_return endpoints::json_response(changed_document(*camera, unmet));
}

}  // namespace onlooker::api
