// camera-streamer (ayufan's), by its option table, its docs and its units.
#include <algorithm>
#include <array>
#include <cstddef>
#include <functional>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "import/peers.hpp"
#include "import/rules.hpp"

namespace onlooker::importing {

namespace {

using enum PeerOption::Takes;

constexpr std::string_view by_itself = "onlooker does this by itself.";
constexpr std::string_view no_video =
    "onlooker sends Motion JPEG only; see docs/go2rtc.md for H.264, RTSP and WebRTC.";
constexpr std::string_view no_encoder_option =
    "of the JPEG onlooker has quality= and subsampling=.";

// Between the options of a list; a word may also be given several times.
constexpr char list_separator = ';';

void take_type(Draft& draft, const Given& given) {
    if (given.value == "dummy") {
        draft.camera().driver = "emulated";
        return;
    }
    if (given.value != "v4l2" && given.value != "libcamera")
        refuse(given, "expected v4l2, libcamera or dummy");
    draft.camera().driver = given.value;
}

struct Format {
    std::string_view theirs;
    std::string_view v4l2;
    std::string_view libcamera;
};

constexpr std::array<Format, 11> formats{{
    {"MJPG", "MJPEG", "mjpeg"},
    {"MJPEG", "MJPEG", "mjpeg"},
    {"JPEG", "MJPEG", "mjpeg"},
    {"YUYV", "YUYV", "yuyv"},
    {"YUV420", "YU12", "yuv420"},
    {"NV12", "NV12", "nv12"},
    {"NV21", "NV21", "nv21"},
    {"RGB565", "RGB565", "rgb565"},
    {"RGBP", "RGB565", "rgb565"},
    {"RGB24", "RGB24", "rgb24"},
    {"RGB", "RGB24", "rgb24"},
}};

void take_format(Draft& draft, const Given& given) {
    const auto found = std::ranges::find(formats, std::string_view(given.value), &Format::theirs);
    if (found == formats.end())
        return draft.remark(given.word, "the driver chooses the format by itself.");
    DraftCamera& camera = draft.camera();
    camera.set("format",
               std::string(camera.driver == "libcamera" ? found->libcamera : found->v4l2));
}

// "AwbMode" -> "awb_mode": libcamera's name in the form in which drivers take it.
std::string control_name(std::string_view name) {
    std::string result;
    for (const char c : name) {
        if (is_upper(c) && !result.empty() && result.back() != '_')
            result += '_';
        result += to_lower(c);
    }
    return result;
}

template <typename Take>
void each_of_list(const Given& given, Take take) {
    std::string_view rest = given.value;
    while (!rest.empty()) {
        const std::string_view item = trimmed(rest.substr(0, rest.find(list_separator)));
        rest.remove_prefix(std::min(rest.find(list_separator), rest.size() - 1) + 1);
        const std::size_t equals = item.find('=');
        if (equals == 0 || equals == std::string_view::npos)
            refuse(given, "expected NAME=VALUE");
        take(item.substr(0, equals), item.substr(equals + 1));
    }
}

void take_controls(Draft& draft, const Given& given) {
    each_of_list(given, [&](std::string_view name, std::string_view value) {
        draft.camera().set(control_name(name), std::string(value));
    });
}

void take_jpeg_options(Draft& draft, const Given& given) {
    each_of_list(given, [&](std::string_view name, std::string_view value) {
        const Given item{given.word, std::string(value)};
        if (name == "compression_quality")
            camera_number("quality", 1, 100, "")(draft, item);
        else
            draft.remark(given.word, no_encoder_option);
    });
}

// Turned in libcamera, or else by the camera's own control.
Rule flip(std::string_view libcamera_key, std::string_view control) {
    return [=](Draft& draft, const Given& given) {
        if (!yes_of(given))
            return;
        const bool is_libcamera = draft.camera().driver == "libcamera";
        draft.camera().set(is_libcamera ? libcamera_key : control, is_libcamera ? "true" : "1");
    };
}

void take_reconnect(Draft& draft, const Given& given) {
    if (number_of(given, 0, 3600) > 0)
        draft.set("retry-first-seconds", given);
    if (number_of(given, 0, 3600) > 30)
        draft.set("retry-longest-seconds", given);
}

void take_path(Draft& draft, const Given& given) {
    camera_source()(draft, given);
    // The device tree's name of a sensor, which libcamera uses.
    if (given.value.starts_with("/base/"))
        draft.camera().driver = "libcamera";
}

std::vector<PeerOption> camera_options() {
    return {
        {"camera-type", value, take_type},
        {"camera-path", value, take_path},
        {"camera-width", value, camera_width()},
        {"camera-height", value, camera_height()},
        {"camera-format", value, take_format},
        {"camera-nbufs", value, remark("the driver takes as many buffers as it needs.")},
        {"camera-fps", value, camera_number("fps", 1, 1000)},
        {"camera-allow_dma", value_or_default, remark(by_itself), "1"},
        {"camera-high_res_factor camera-low_res_factor", value,
         remark("each viewer asks for its size: /stream?scale=1/2.")},
        {"camera-options camera-isp.options", value, take_controls},
        {"camera-auto_reconnect", value, take_reconnect},
        {"camera-auto_focus", value_or_default,
         remark("focus=once does it with the driver libcamera."), "1"},
        {"camera-force_active", value_or_default, camera_flag("always_on"), "1"},
        {"camera-vflip", value_or_default, flip("vflip", "vertical_flip"), "1"},
        {"camera-hflip", value_or_default, flip("hflip", "horizontal_flip"), "1"},
        {"camera-snapshot.options camera-stream.options", value, take_jpeg_options},
        {"camera-snapshot.height", value,
         remark("whoever wants another size asks for it: /snapshot?height=N.")},
        {"camera-stream.height", value,
         remark("whoever wants another size asks for it: /stream?height=N.")},
        {"camera-stream.disabled", value_or_default, remark("onlooker always has a stream."), "1"},
        {"camera-video.disabled", value_or_default, ignored(), "1"},
        {"camera-video.options camera-video.height", value, remark(no_video)},
        {"camera-list_options", value_or_default, remark("onlooker --list-cameras shows them."),
         "1"},
    };
}

std::vector<PeerOption> program_options() {
    return {
        {"http-listen", value, setting("host")},
        {"http-port", value, setting("port")},
        {"http-maxcons", value, setting("max-connections")},
        {"rtsp-port", value_or_default, remark(no_video), "8554"},
        {"webrtc-ice_servers", value, remark(no_video)},
        {"webrtc-disable_client_ice webrtc-timeout_s", value_or_default, remark(no_video), "1"},
        {"log-debug", value_or_default, fixed_setting("log-level", "debug"), "1"},
        {"log-verbose log-stats", value_or_default, remark("/frames and /metrics show it."), "1"},
        {"log-filter", value, fixed_setting("log-level", "debug")},
        {"help version", nothing, remark("this asks camera-streamer about itself.")},
    };
}

// Other options depend on the driver, which these two choose.
std::vector<std::string> type_first(const std::vector<std::string>& words) {
    const auto chooses = [](const std::string& word) {
        return word.find("camera-type=") < 3 || word.find("camera-path=") < 3;
    };
    std::vector<std::string> sorted;
    std::ranges::copy_if(words, std::back_inserter(sorted), chooses);
    std::ranges::copy_if(words, std::back_inserter(sorted), std::not_fn(chooses));
    return sorted;
}

}  // namespace

std::string import_camera_streamer(const std::vector<std::string>& words) {
    std::vector<PeerOption> options = camera_options();
    for (PeerOption& option : program_options())
        options.push_back(std::move(option));
    Draft draft("camera-streamer");
    DraftCamera& camera = draft.add_camera("v4l2");
    camera.set("size", "1920x1080");
    camera.set("fps", "30");
    draft.set("host", {"--http-listen", "127.0.0.1"});
    draft.set("port", {"--http-port", "8080"});
    read_options(type_first(words), options, Syntax::joined_words, draft);
    if (camera.driver == "emulated")
        camera.keys.clear();
    return draft.text();
}

}  // namespace onlooker::importing
