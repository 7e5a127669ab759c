// Motion 4.2 to 5.0, by motion_config.html and its option table. Of its cameras only the pictures
// and the live stream are taken over: what looks for movement and records stays with Motion.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <filesystem>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "app/config_file.hpp"
#include "app/options.hpp"
#include "base/text.hpp"
#include "import/motion_camera.hpp"
#include "import/peers.hpp"
#include "import/rules.hpp"

namespace onlooker::importing {

namespace {

using enum PeerOption::Takes;

constexpr std::string_view blanks = " \t\r";
constexpr std::size_t most_lines = 10'000;
constexpr std::size_t most_cameras = 64;

std::vector<Given> lines_of(std::string_view text) {
    if (text.find('\0') != std::string_view::npos)
        throw app::ConfigError("a file of Motion's holds a NUL octet, and so is none");
    std::vector<Given> lines;
    while (!text.empty()) {
        const std::string_view line = trimmed(text.substr(0, text.find('\n')), blanks);
        text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
        if (line.empty() || line.starts_with('#') || line.starts_with(';'))
            continue;
        if (lines.size() == most_lines)
            throw app::ConfigError(fmt::format("there are more than {} lines", most_lines));
        const std::size_t end = std::min(line.find_first_of(" \t="), line.size());
        // "name value" and "name = value", the value in quotes or not.
        std::string_view value = trimmed(line.substr(end), " \t=");
        if (value.size() > 1 && value.front() == '"' && value.back() == '"')
            value = value.substr(1, value.size() - 2);
        lines.push_back({std::string(line.substr(0, end)), std::string(value)});
    }
    return lines;
}

std::vector<PeerOption> remark_lines() {
    return {
        {"text_left text_right text_scale text_changes text_event", value,
         remark("words on the picture: overlay=TEXT in the line of the camera, or "
                "/stream?overlay=TEXT.")},
        {"netcam_high_url netcam_high_params", value,
         remark("one camera is one stream; viewers ask for smaller ones: /stream?width=640.")},
        {"netcam_keepalive netcam_params netcam_tolerant_check", value,
         remark("the driver's options are in drivers.md.")},
        {"mmalcam_params mmalcam_control_params libcam_params", value,
         remark("add the controls by libcamera's names; onlooker --list-cameras shows them.")},
        {"stream_maxrate", value, remark("each viewer says its own: /stream?fps=5.")},
        {"stream_motion", value, remark("onlooker does not look for movement.")},
        {"stream_auth_method stream_localhost webcontrol_localhost", value, ignored()},
        {"stream_tls webcontrol_tls webcontrol_cert webcontrol_key", value,
         remark("HTTPS: tls-certificate and tls-key, or tls-self-signed.")},
        {"stream_header_params", value,
         remark("where pages of other hosts show pictures: allow-origin.")},
        {"stream_limit", value, remark("max-viewers limits them.")},
        {"stream_preview_scale stream_preview_newline stream_preview_method "
         "stream_preview_params stream_preview_ptz stream_allcam_params stream_scan_time "
         "stream_scan_scale",
         value, remark("onlooker's page shows all cameras, each as large as there is room.")},
        {"daemon setup_mode pid_file process_id_file log_file log_level log_type log_fflevel quiet",
         value, remark("a service manager keeps onlooker running, and its log.")},
        {"camera_id device_id", value,
         remark("cameras have names; /?action=stream_0 is the first.")},
        {"watchdog_tmo watchdog_kill device_tmo camera_tmo", value,
         remark("stall-seconds, and the camera is opened again by itself.")},
    };
}

// By how their names begin: all that looks for movement, records, and acts on it.
constexpr std::array<std::string_view, 34> of_detection{
    "threshold",   "noise_",      "despeckle", "area_detect", "mask_",        "smart_mask",
    "lightswitch", "minimum_",    "event_gap", "pre_capture", "post_capture", "on_",
    "picture_",    "movie_",      "snapshot_", "timelapse_",  "target_dir",   "emulate_",
    "locate_",     "sql_",        "database_", "video_pipe",  "track_",       "ptz_",
    "snd_",        "secondary_",  "static_",   "auto_",       "pause",        "schedule_",
    "cleandir_",   "roundrobin_", "native_",   "webcontrol_",
};

constexpr std::string_view detection =
    "onlooker does not look for movement and does not record by itself. Motion can go on doing "
    "that, "
    "with netcam_url at onlooker's /stream (docs/motion.md).";

bool is_of_detection(std::string_view name) {
    return std::ranges::any_of(
        of_detection, [&](std::string_view beginning) { return name.starts_with(beginning); });
}

bool says(const std::vector<Given>& lines, std::string_view name, std::string_view value) {
    const Given* line = last_of(lines, name);
    return line != nullptr && equal_ignoring_case(line->value, value);
}

// The streams are at the port of their own, or with Motion 5 at that of its pages.
void import_network(const std::vector<Given>& lines, Draft& draft) {
    const bool has_own = last_of(lines, "stream_port") != nullptr;
    const std::string begin = has_own ? "stream" : "webcontrol";
    const Given* port = last_of(lines, begin + "_port");
    if (port == nullptr || port->value == "0") {
        draft.remark("stream_port", "Motion had no live stream; onlooker's is at port 5000.");
        return;
    }
    const bool is_open = says(lines, begin + "_localhost", "off");
    draft.set("host", {begin + "_localhost", is_open ? "0.0.0.0" : "127.0.0.1"});
    draft.set("port", *port);
    for (const std::string& name :
         {begin + "_authentication", std::string("webcontrol_auth_user")}) {
        const Given* login = last_of(lines, name);
        if (login != nullptr && !login->value.empty())
            login_pair()(draft, *login);
    }
}

void remark_on(const std::vector<Given>& lines, Draft& draft) {
    static const std::vector<PeerOption> known = remark_lines();
    static const std::set<std::string_view> silent{"camera",
                                                   "camera_dir",
                                                   "config_dir",
                                                   "netcam_userpass",
                                                   "stream_port",
                                                   "webcontrol_port",
                                                   "stream_authentication",
                                                   "webcontrol_authentication",
                                                   "webcontrol_auth_user"};
    for (const Given& line : lines) {
        const auto names_line = [&](const PeerOption& row) { return has_name(row, line.word); };
        const auto row = std::ranges::find_if(known, names_line);
        if (row != known.end())
            row->rule(draft, line);
        else if (is_of_detection(line.word))
            draft.remark(readable(line.word, 60), detection);
        else if (!is_motion_camera_line(line.word) && !silent.contains(line.word))
            draft.remark(readable(line.word, 60), "onlooker does not know this; it was left out.");
    }
}

// The files of single cameras that the text names.
std::vector<std::string> camera_files(const std::vector<Given>& lines) {
    std::vector<std::string> files;
    for (const Given& line : lines) {
        if (line.word == "camera") {
            files.push_back(line.value);
        } else if (line.word == "camera_dir" || line.word == "config_dir") {
            std::error_code error;
            for (const auto& entry : std::filesystem::directory_iterator(line.value, error)) {
                if (entry.path().extension() == ".conf")
                    files.push_back(entry.path());
            }
        }
    }
    std::ranges::sort(files);
    if (files.size() > most_cameras)
        throw app::ConfigError(fmt::format("there are more than {} cameras", most_cameras));
    return files;
}

}  // namespace

std::string import_motion(std::string_view text) {
    const std::vector<Given> base = lines_of(text);
    std::vector<std::vector<Given>> cameras;
    for (const std::string& file : camera_files(base)) {
        cameras.push_back(base);
        const auto own = lines_of(app::read_config_file(file));
        cameras.back().insert(cameras.back().end(), own.begin(), own.end());
    }
    if (cameras.empty())
        cameras.push_back(base);
    Draft draft("Motion");
    import_network(cameras.front(), draft);
    for (const auto& lines : cameras)
        import_motion_camera(lines, draft);
    for (const auto& lines : cameras)
        remark_on(lines, draft);
    return draft.text();
}

}  // namespace onlooker::importing
