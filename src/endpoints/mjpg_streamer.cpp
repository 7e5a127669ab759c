#include "endpoints/mjpg_streamer.hpp"

#include <fmt/format.h>
#include <linux/videodev2.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "base/fnv1a.hpp"
#include "base/text.hpp"
#include "camera/control_limits.hpp"
#include "endpoints/camera_json.hpp"
#include "endpoints/change_controls.hpp"
#include "http/foreign_pages.hpp"

namespace onlooker::endpoints {

namespace {

using camera::Control;
using nlohmann::json;

constexpr std::string_view server_name = "MJPG-Streamer/0.2 (onlooker)";

// That of mjpg-streamer's groups which V4L2 controls are in (IN_CMD_V4L2).
constexpr std::string_view group = "1";

struct Known {
    std::string_view id;
    std::uint32_t number;
};

// As the kernel calls them now and called them before Linux 5.13 and 6.0.
constexpr std::array known{
    Known{"brightness", V4L2_CID_BRIGHTNESS},
    Known{"contrast", V4L2_CID_CONTRAST},
    Known{"saturation", V4L2_CID_SATURATION},
    Known{"hue", V4L2_CID_HUE},
    Known{"white_balance_automatic", V4L2_CID_AUTO_WHITE_BALANCE},
    Known{"white_balance_temperature_auto", V4L2_CID_AUTO_WHITE_BALANCE},
    Known{"gamma", V4L2_CID_GAMMA},
    Known{"gain", V4L2_CID_GAIN},
    Known{"power_line_frequency", V4L2_CID_POWER_LINE_FREQUENCY},
    Known{"white_balance_temperature", V4L2_CID_WHITE_BALANCE_TEMPERATURE},
    Known{"sharpness", V4L2_CID_SHARPNESS},
    Known{"backlight_compensation", V4L2_CID_BACKLIGHT_COMPENSATION},
    Known{"auto_exposure", V4L2_CID_EXPOSURE_AUTO},
    Known{"exposure_auto", V4L2_CID_EXPOSURE_AUTO},
    Known{"exposure_time_absolute", V4L2_CID_EXPOSURE_ABSOLUTE},
    Known{"exposure_absolute", V4L2_CID_EXPOSURE_ABSOLUTE},
    Known{"pan_absolute", V4L2_CID_PAN_ABSOLUTE},
    Known{"tilt_absolute", V4L2_CID_TILT_ABSOLUTE},
    Known{"focus_absolute", V4L2_CID_FOCUS_ABSOLUTE},
    Known{"focus_automatic_continuous", V4L2_CID_FOCUS_AUTO},
    Known{"focus_auto", V4L2_CID_FOCUS_AUTO},
    Known{"zoom_absolute", V4L2_CID_ZOOM_ABSOLUTE},
};

std::uint32_t type_number(Control::Type type) noexcept {
    switch (type) {
        case Control::Type::boolean:
            return V4L2_CTRL_TYPE_BOOLEAN;
        case Control::Type::menu:
            return V4L2_CTRL_TYPE_MENU;
        case Control::Type::button:
            return V4L2_CTRL_TYPE_BUTTON;
        case Control::Type::text:
            return V4L2_CTRL_TYPE_STRING;
        default:
            return V4L2_CTRL_TYPE_INTEGER;
    }
}

std::string text(double value) {
    return fmt::format("{}", value);
}

json control_json(const Control& control) {
    const unsigned flags = (control.read_only ? V4L2_CTRL_FLAG_READ_ONLY : 0U) |
                           (control.inactive ? V4L2_CTRL_FLAG_INACTIVE : 0U);
    json words = {{"name", control.name},
                  {"id", fmt::format("{}", control_number(control))},
                  {"type", fmt::format("{}", type_number(control.type))},
                  {"min", text(control.minimum)},
                  {"max", text(control.maximum)},
                  {"step", text(control.step)},
                  {"default", text(control.fallback)},
                  {"value", text(control.value)},
                  {"dest", "0"},
                  {"flags", fmt::format("{}", flags)},
                  {"group", group}};
    if (control.type != Control::Type::menu)
        return words;
    json menu = json::object();
    for (const auto& item : control.menu)
        menu[fmt::format("{}", item.value)] = item.name;
    words["menu"] = std::move(menu);
    return words;
}

http::Response answer(const json& document) {
    http::Response response = json_response(document);
    say_mjpg_streamer(response);
    return response;
}

// In its words: the id as it came, and 0 or -1; what is ours stands in a second line.
http::Response result(std::string_view id, int number, std::string_view words = {}) {
    std::string line = fmt::format("{}: {}", escaped(id, 40), number);
    if (!words.empty())
        line += fmt::format("\n{}.", words);
    http::Response response = http::Response::text(200, std::move(line));
    response.with("Cache-Control", "no-store");
    say_mjpg_streamer(response);
    return response;
}

const Control* control_numbered(const camera::Camera& camera, std::string_view id) {
    const auto number = parse_number<std::uint32_t>(id);
    const auto found = std::ranges::find_if(camera.controls(), [&](const Control& control) {
        return number ? control_number(control) == *number : control.id == id;
    });
    return found == camera.controls().end() ? nullptr : &*found;
}

// The word with which the value of ?action= begins. mjpg-streamer and camera-streamer compare no
// more than that, and front ends rely on it: "stream%3Fnonce=1", "stream ", "stream,1700".
std::string_view action_of(const http::Request& request) {
    const std::string_view value = trimmed(request.query.get("action").value_or(""));
    const auto end = std::ranges::find_if_not(
        value, [](char c) { return is_alphanumeric(c) || c == '_' || c == '-'; });
    return value.substr(0, static_cast<std::size_t>(end - value.begin()));
}

std::variant<Action, http::Response> asked_command(const http::Request& request,
                                                   std::size_t cameras) {
    const auto plugin = request.query.get("plugin");
    const auto number = plugin ? parse_number<std::uint16_t>(*plugin) : std::uint16_t{0};
    if (!number || *number >= cameras)
        return http::Response::error(404, "plugin is the number of a camera; they count from 0.");
    return Action{Action::Kind::command, *number};
}

}  // namespace

std::variant<Action, http::Response> asked_action(const http::Request& request,
                                                  std::size_t cameras) {
    std::string_view word = action_of(request);
    if (equal_ignoring_case(word, "command"))
        return asked_command(request, cameras);
    std::size_t number = 0;
    if (const auto mark = word.find('_'); mark != std::string_view::npos) {
        const auto parsed = parse_number<std::uint16_t>(word.substr(mark + 1));
        if (!parsed)
            return http::Response::error(400, "A camera's number follows _, as in stream_1.");
        number = *parsed;
        word = word.substr(0, mark);
    }
    if (number >= cameras)
        return http::Response::error(
            404, fmt::format("There is no camera {}; they count from 0.", number));
    if (equal_ignoring_case(word, "stream"))
        return Action{Action::Kind::stream, number};
    if (equal_ignoring_case(word, "snapshot"))
        return Action{Action::Kind::snapshot, number};
    return http::Response::error(400, "The action is stream, snapshot or command.");
}

std::uint32_t control_number(const Control& control) noexcept {
    const auto found = std::ranges::find(known, control.id, &Known::id);
    if (found != known.end())
        return found->number;
    // Above the classes of the kernel, and positive where it is read as 32 bits with a sign.
    constexpr std::uint32_t own = 0x4000'0000;
    return own | (static_cast<std::uint32_t>(fnv1a(control.id)) & (own - 1));
}

void say_mjpg_streamer(http::Response& response) {
    response.replace("Server", std::string(server_name));
}

http::Response input_json(const camera::Camera& camera) {
    json controls = json::array();
    for (const Control& control : camera.controls())
        controls.push_back(control_json(control));
    return answer({{"controls", std::move(controls)}, {"formats", json::array()}});
}

http::Response output_json() {
    return answer({{"controls", json::array()}});
}

http::Response program_json(const Cameras& cameras, const http::Pass* pass) {
    json inputs = json::array();
    for (std::size_t i = 0; i < cameras.size(); ++i)
        if (pass == nullptr || pass->allows(http::Scope::view, cameras[i]->name()))
            inputs.push_back({{"id", fmt::format("{}", i)},
                              {"name", cameras[i]->name()},
                              {"plugin", cameras[i]->settings().driver},
                              {"args", ""}});
    const json output = {
        {"id", "0"}, {"name", "HTTP output"}, {"plugin", "output_http"}, {"args", ""}};
    return answer({{"inputs", std::move(inputs)}, {"outputs", json::array({output})}});
}

Awaitable<http::Response> command_response(CameraPtr camera, const http::Request& request) {
    const std::string id(request.query.get("id").value_or(""));
    if (id.empty())
        co_return http::Response::error(400, "A command names its control, as in id=9963776.");
    if (!may_command(request))
        co_return http::Response::error(403,
                                        "Only a page of this server itself, or a program "
                                        "that is no browser, may send commands.");
    const Control* const control = control_numbered(*camera, id);
    if (control == nullptr)
        co_return result(id, -1, "the camera has told of no such control");
    const auto value = camera::value_named(*control, request.query.get("value").value_or("1"));
    if (!value)
        co_return result(id, -1, "its value is a number");
    const std::string why = camera::why_not(*control, *value);
    if (!why.empty() || request.method == http::Method::head)
        co_return result(id, why.empty() ? 0 : -1, why);
    const auto unmet = co_await change_control(camera, control->id, *value);
    co_return unmet.empty()
        ? result(id, 0)
        : result(id, -1,
                 is_open(*camera) ? "the camera did not take it"
                                  : "the camera is closed; it is set when that opens");
}

}  // namespace onlooker::endpoints
