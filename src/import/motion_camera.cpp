#include "import/motion_camera.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <utility>

#include "app/camera_name.hpp"
#include "app/options.hpp"
#include "base/text.hpp"
#include "base/url_login.hpp"
#include "import/rules.hpp"

namespace onlooker::importing {

namespace {

using enum PeerOption::Takes;

void take_name(Draft& draft, const Given& given) {
    DraftCamera& camera = draft.camera();
    const std::string name =
        app::is_plain_name(given.value) ? given.value : app::plain_name_for(given.value);
    if (name.empty())
        return;
    camera.name = name;
    if (name != given.value)
        camera.set("title", given.value);
}

void take_standard(Draft& draft, const std::string& number) {
    static constexpr std::array<std::string_view, 3> names{"PAL", "NTSC", "SECAM"};
    const auto index = parse_number<std::size_t>(number);
    if (index && *index < names.size())
        draft.camera().set("standard", std::string(names.at(*index)));
}

// "palette=17, input=0, Brightness=50, "Focus, Auto"=0"
void take_parameters(Draft& draft, const Given& given) {
    std::string_view rest = given.value;
    while (!(rest = trimmed(rest, " \t,")).empty()) {
        const bool is_quoted = rest.front() == '"';
        const std::size_t close = is_quoted ? rest.find('"', 1) : 0;
        const std::size_t equals = close == std::string_view::npos ? close : rest.find('=', close);
        if (equals == std::string_view::npos)
            refuse(given, "expected NAME=VALUE, with commas between");
        const std::string_view name =
            is_quoted ? rest.substr(1, close - 1) : trimmed(rest.substr(0, equals));
        const std::size_t end = std::min(rest.find(',', equals), rest.size());
        const std::string value(trimmed(rest.substr(equals + 1, end - equals - 1)));
        rest.remove_prefix(end);
        std::string key;
        for (const char c : name) {
            if (is_alphanumeric(c))
                key += to_lower(c);
            else if (!key.empty() && key.back() != '_')
                key += '_';
        }
        if (key == "palette")
            draft.remark(given.word, "the driver chooses the format; format=NAME overrules it.");
        else if (key == "norm")
            take_standard(draft, value);
        else if (key == "input" && value == "-1")
            continue;
        else if (key == "input" || parse_number<double>(value))
            draft.camera().set(key, value);
        else
            draft.remark(given.word, "what is no number in it was left out.");
    }
}

// Whose work an address is, and how it is written there.
struct Scheme {
    std::string_view theirs;
    std::string_view driver;
    std::string_view ours;
};

constexpr std::array<Scheme, 11> schemes{{
    {"http://", "relay", "http://"},
    {"https://", "relay", "https://"},
    {"mjpeg://", "relay", "http://"},
    {"mjpg://", "relay", "http://"},
    {"jpeg://", "emulated", ""},
    {"rtsp://", "opencv", "rtsp://"},
    {"rtsps://", "opencv", "rtsps://"},
    {"rtmp://", "opencv", "rtmp://"},
    {"ftp://", "opencv", "ftp://"},
    {"file://", "opencv", ""},
    {"v4l2://", "v4l2", ""},
}};

// The login is taken out of the URL: its password does not belong into a file that many may read.
void take_url(Draft& draft, const Given& given) {
    DraftCamera& camera = draft.camera();
    std::string url = given.value;
    const UrlLogin login = find_login(url);
    if (!login.is_plain())
        throw app::ConfigError(fmt::format("{}: {}", given.word, login_advice(login.reading)));
    std::string name;
    if (login.reading == UrlLogin::Reading::clear) {
        name = url.substr(login.begin, std::min(login.colon, login.end) - login.begin);
        url.erase(login.begin, login.end + 1 - login.begin);
    }
    const auto scheme = std::ranges::find_if(
        schemes, [&](const Scheme& known) { return url.starts_with(known.theirs); });
    if (scheme == schemes.end())
        refuse({given.word, url}, "expected an address such as http://HOST/stream");
    camera.driver = scheme->driver;
    camera.source = scheme->ours;
    camera.source += url.substr(scheme->theirs.size());
    if (camera.driver != "v4l2")
        camera.remove("size");
    if (!name.empty())
        camera.set("user", name);
}

void finish_upstream_login(Draft& draft, const Given& userpass) {
    DraftCamera& camera = draft.camera();
    if (!userpass.value.empty() && camera.source.find("://") != std::string::npos)
        camera.set("user", userpass.value.substr(0, userpass.value.find(':')));
    const std::string* user = camera.find("user");
    if (user == nullptr)
        return;
    if (camera.driver == "relay") {
        camera.set("password_file", "/var/lib/onlooker/password-of-" + login_to_copy(*user));
        draft.remark("netcam_userpass",
                     "write the password of the camera, and nothing else, into password_file, "
                     "which the user onlooker must be able to read.");
        return;
    }
    camera.remove("user");
    draft.remark("netcam_userpass",
                 "write the login of the camera into its address, SCHEME://NAME:PASSWORD@HOST/..., "
                 "and let onlooker alone read this file.");
}

void take_device(Draft& draft, const Given& given) {
    draft.camera().driver = "v4l2";
    camera_source()(draft, given);
}

void take_libcamera(Draft& draft, const Given& given) {
    draft.camera().driver = "libcamera";
    draft.camera().source = given.value == "camera0" || given.value == "auto" ? "" : given.value;
}

void take_flip(Draft& draft, const Given& given) {
    if (given.value == "h" || given.value == "v")
        draft.camera().set("flip", given.value);
    else if (given.value != "none")
        refuse(given, "expected none, v or h");
}

void take_turn(Draft& draft, const Given& given) {
    static constexpr std::array<std::string_view, 4> turns{"0", "90", "180", "270"};
    if (std::ranges::find(turns, std::string_view(given.value)) == turns.end())
        refuse(given, "expected 0, 90, 180 or 270");
    if (given.value != "0")
        draft.camera().set("rotate", given.value);
}

const std::vector<PeerOption>& camera_lines() {
    static const std::vector<PeerOption> lines{
        {"camera_name device_name", value, take_name},
        {"width", value, camera_width()},
        {"height", value, camera_height()},
        {"framerate", value, camera_number("fps", 2, 100, "0")},
        {"video_device videodevice v4l2_device", value, take_device},
        {"video_params v4l2_params vid_control_params", value, take_parameters},
        {"mmalcam_name libcam_device libcam_name", value, take_libcamera},
        {"netcam_url", value, take_url},
        {"rotate", value, take_turn},
        {"flip_axis", value, take_flip},
        {"stream_quality", value, camera_number("quality", 1, 100, "")},
        {"stream_grey", value, camera_flag("grey")},
    };
    return lines;
}

}  // namespace

const Given* last_of(const std::vector<Given>& lines, std::string_view name) {
    const auto found = std::ranges::find(lines.rbegin(), lines.rend(), name, &Given::word);
    return found == lines.rend() ? nullptr : &*found;
}

void import_motion_camera(const std::vector<Given>& lines, Draft& draft) {
    DraftCamera& camera = draft.add_camera("v4l2");
    camera.source = "/dev/video0";
    camera.set("size", "640x480");
    // In the order of the table: the size belongs to a device, and a stream's address removes it.
    for (const PeerOption& option : camera_lines()) {
        for (const Given& line : lines) {
            const bool counts = has_name(option, line.word) && &line == last_of(lines, line.word);
            if (counts && !line.value.empty())
                option.rule(draft, line);
        }
    }
    const Given* login = last_of(lines, "netcam_userpass");
    finish_upstream_login(draft, login == nullptr ? Given{} : *login);
}

bool is_motion_camera_line(std::string_view word) {
    return std::ranges::any_of(camera_lines(),
                               [&](const PeerOption& row) { return has_name(row, word); });
}

}  // namespace onlooker::importing
