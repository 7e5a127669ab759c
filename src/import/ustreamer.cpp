// The options of uStreamer 4.9 to 6.62, by its --help and its option table.
#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "import/peers.hpp"
#include "import/rules.hpp"

namespace onlooker::importing {

namespace {

using enum PeerOption::Takes;

constexpr std::string_view card =
    "viewers of a camera that is away see a card that says why, and the picture when it is back.";
constexpr std::string_view by_itself = "onlooker does this by itself.";
constexpr std::string_view no_hardware =
    "onlooker does not encode by hardware; what the camera gives as JPEG is sent as it is.";
constexpr std::string_view no_sink =
    "onlooker shares no memory with other programs; they read /stream or /snapshot, also by a unix "
    "socket (listen = unix:PATH).";
constexpr std::string_view no_h264 =
    "onlooker sends Motion JPEG only; see docs/go2rtc.md for H.264.";
constexpr std::string_view no_gpio =
    "onlooker moves no pins; a script can follow /api/v1/events or /state.";
constexpr std::string_view no_colours = "onlooker's log has no colours.";
constexpr std::string_view asks_only =
    "this asks uStreamer about itself; there is nothing to import.";

// uStreamer and the kernel call two of them differently.
void take_format(Draft& draft, const Given& given) {
    std::string name;
    for (const char c : given.value)
        name += to_upper(c);
    if (name == "YUV420")
        name = "YU12";
    else if (name == "YVU420")
        name = "YV12";
    draft.camera().set("format", name);
}

void take_workers(Draft& draft, const Given& given) {
    const double workers = number_of(given, 1, 32);
    // One more thread than the camera's own pays from two on.
    if (workers > 1)
        draft.camera().set("workers", shown_number(std::min(workers, 16.0)));
}

void take_encoder(Draft& draft, const Given& given) {
    if (equal_ignoring_case(given.value, "hw") || equal_ignoring_case(given.value, "cpu"))
        return;
    draft.remark(given.word, no_hardware);
}

// A number of pictures, until the rate is known.
void take_same_frames(Draft& draft, const Given& given) {
    draft.camera().remove("drop_same_frames");
    if (const double pictures = number_of(given, 0, 100'000); pictures > 0)
        draft.camera().set("drop_same_frames", shown_number(pictures));
    draft.remark(given.word, "uStreamer counts pictures, drop_same_frames is in seconds.");
}

void finish_same_frames(DraftCamera& camera) {
    const std::string* same = camera.find("drop_same_frames");
    if (same == nullptr)
        return;
    const std::string* rate = camera.find("fps");
    const double fps = rate == nullptr ? 30 : parse_number<double>(*rate).value_or(30);
    const double seconds = parse_number<double>(*same).value_or(0) / fps;
    camera.set("drop_same_frames", shown_number(std::min(seconds, 3600.0)));
}

void take_error_delay(Draft& draft, const Given& given) {
    draft.set("retry-first-seconds", given);
    if (number_of(given, 1, 3600) > 30)
        draft.set("retry-longest-seconds", given);
}

// "unix:PATH", to which --unix-mode may come later.
void take_socket(Draft& draft, const Given& given) {
    draft.set("listen", {given.word, "unix:" + given.value});
}

void take_log_level(Draft& draft, const Given& given) {
    if (number_of(given, 0, 3) >= 3)
        draft.set("log-level", {given.word, "debug"});
}

std::vector<PeerOption> capture_options() {
    return {
        {"d device", value, camera_source()},
        {"i input", value, camera_number("input", 0, 1000, "")},
        {"r resolution", value, camera_size()},
        {"m format", value, take_format},
        {"format-swap-rgb", nothing, remark("colours that are swapped: format=RGB24 or BGR24.")},
        {"a tv-standard", value, camera_key("standard")},
        {"I io-method", value, remark("onlooker maps the device's buffers (MMAP).")},
        {"f desired-fps", value, camera_number("fps", 1, 1000)},
        {"z min-frame-size", value,
         remark("onlooker looks into each picture, and drops what is no whole JPEG.")},
        {"T allow-truncated-frames", nothing, camera_flag("allow_truncated")},
        {"n persistent", nothing, remark(by_itself)},
        {"t dv-timings", nothing, remark(by_itself)},
        {"b buffers", value, camera_number("buffers", 2, 32)},
        {"w workers", value, take_workers},
        {"q quality", value, camera_number("quality", 1, 100, "")},
        {"c encoder", value, take_encoder},
        {"g glitched-resolutions", value, remark("uStreamer does nothing with it either.")},
        {"k blank", value, remark(card)},
        {"K last-as-blank", value, remark(card)},
        {"l slowdown", nothing,
         remark("onlooker closes a camera ten seconds after its last viewer (idle-seconds).")},
        {"device-timeout", value, setting("stall-seconds")},
        {"device-error-delay", value, take_error_delay},
        {"m2m-device", value, remark(no_hardware)},
        {"media-device", value, remark("use the driver libcamera for cameras that need it.")},
        {"media-entity-name", value, remark("use the driver libcamera for cameras that need it.")},
    };
}

std::vector<PeerOption> image_options() {
    return {
        {"image-default", nothing,
         remark("the camera's controls are left as they are, but for those named in its line.")},
        {"brightness", value, camera_control("brightness", "brightness_automatic")},
        {"contrast", value, camera_control("contrast")},
        {"saturation", value, camera_control("saturation")},
        {"hue", value, camera_control("hue", "hue_automatic")},
        {"gamma", value, camera_control("gamma")},
        {"sharpness", value, camera_control("sharpness")},
        {"backlight-compensation", value, camera_control("backlight_compensation")},
        {"white-balance", value,
         camera_control("white_balance_temperature", "white_balance_automatic")},
        {"gain", value, camera_control("gain", "gain_automatic")},
        {"color-effect", value, camera_control("color_effects")},
        {"rotate", value, camera_control("ctrl.rotate")},
        {"flip-vertical", value, camera_control("vertical_flip")},
        {"flip-horizontal", value, camera_control("horizontal_flip")},
    };
}

std::vector<PeerOption> server_options() {
    return {
        {"s host", value, setting("host")},
        {"p port", value, setting("port")},
        {"U unix", value, take_socket},
        {"D unix-rm", nothing, remark(by_itself)},
        {"M unix-mode", value, remark("append ,mode=0666 or the like to listen = unix:PATH.")},
        {"S systemd", nothing, remark("onlooker.socket is the unit for it.")},
        {"user", value, login_name()},
        {"passwd", value, ignored()},
        {"static", value, remark("onlooker has a page of its own; other pages need a web server.")},
        {"e drop-same-frames", value, take_same_frames},
        {"allow-origin", value, setting("allow-origin")},
        {"instance-id", value, remark("/state shows an empty instance_id.")},
        {"R fake-resolution", value, remark("/state shows the camera's own.")},
        {"tcp-nodelay", nothing, remark(by_itself)},
        {"server-timeout", value, setting("no-progress-deadline-seconds")},
    };
}

// Of each of the four prefixes; "sink" alone is an older name of "jpeg-sink".
constexpr std::string_view sinks = "sink jpeg-sink raw-sink h264-sink";
constexpr std::string_view sink_values =
    "sink-mode sink-client-ttl sink-timeout jpeg-sink-mode jpeg-sink-client-ttl jpeg-sink-timeout "
    "raw-sink-mode raw-sink-client-ttl raw-sink-timeout h264-sink-mode h264-sink-client-ttl "
    "h264-sink-timeout";

std::vector<PeerOption> other_options() {
    return {
        {sinks, value, remark(no_sink)},
        {sink_values, value, ignored()},
        {"sink-rm jpeg-sink-rm raw-sink-rm h264-sink-rm", nothing, ignored()},
        {"h264-bitrate h264-gop h264-m2m-device", value, remark(no_h264)},
        {"h264-boost", nothing, remark(no_h264)},
        {"v4p", nothing, remark("onlooker passes nothing through to an HDMI output.")},
        {"gpio-device gpio-consumer-prefix gpio-prog-running gpio-stream-online "
         "gpio-has-http-clients",
         value, remark(no_gpio)},
        {"exit-on-parent-death", nothing, remark("a service manager ends it; it does not itself.")},
        {"exit-on-device-error", nothing, remark(card)},
        {"exit-on-no-clients", value, setting("exit-idle")},
        {"process-name-prefix", value, remark("onlooker keeps its name in the list of processes.")},
        {"notify-parent", nothing, remark("/api/v1/events tells what changes.")},
        {"log-level", value, take_log_level},
        {"perf verbose", nothing, remark("/frames and /metrics show it.")},
        {"debug", nothing, fixed_setting("log-level", "debug")},
        {"force-log-colors no-log-colors", nothing, remark(no_colours)},
        {"h help v version features", nothing, remark(asks_only)},
    };
}

}  // namespace

std::string import_ustreamer(const std::vector<std::string>& words) {
    std::vector<PeerOption> options;
    for (auto* part : {capture_options, image_options, server_options, other_options}) {
        for (PeerOption& option : part())
            options.push_back(std::move(option));
    }
    Draft draft("uStreamer");
    DraftCamera& camera = draft.add_camera("v4l2");
    camera.source = "/dev/video0";
    draft.set("host", {"--host", "127.0.0.1"});
    draft.set("port", {"--port", "8080"});
    read_options(words, options, Syntax::letters_and_words, draft);
    finish_same_frames(camera);
    use_default_size(draft, "--resolution");
    if (draft.find("listen") != nullptr) {
        draft.unset("host");
        draft.unset("port");
    }
    return draft.text();
}

}  // namespace onlooker::importing
