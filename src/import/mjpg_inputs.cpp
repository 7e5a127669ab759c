// By the help and the option tables of the plugins in mjpg-streamer-experimental/plugins.
#include "import/mjpg_inputs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <utility>

#include "base/text.hpp"
#include "import/peer_options.hpp"
#include "import/rules.hpp"

namespace onlooker::importing {

namespace {

using enum PeerOption::Takes;

constexpr std::string_view asks_only =
    "this asks the plugin about itself; there is nothing to import.";
constexpr std::string_view other_scale =
    "libcamera's scale is another one; see onlooker --list-cameras, and add the control by its "
    "name.";
constexpr std::string_view looks_into =
    "onlooker looks into each picture, and drops what is no whole JPEG.";

// "auto", "shutter-priority" and so on are the kernel's menu of auto_exposure; a number goes with
// its entry "manual" (videodev2.h, v4l2_exposure_auto_type).
void take_exposure(Draft& draft, const Given& given) {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 3> words{{
        {"auto", "0"},
        {"shutter-priority", "2"},
        {"aperature-priority", "3"},
    }};
    for (const auto& [word, number] : words) {
        if (given.value == word)
            return draft.camera().set("auto_exposure", std::string(number));
    }
    draft.camera().set("auto_exposure", "1");
    draft.camera().set("exposure_time_absolute", shown_number(number_of(given, 0, 10'000'000)));
}

void take_power_line(Draft& draft, const Given& given) {
    static constexpr std::array<std::string_view, 4> words{"disabled", "50hz", "60hz", "auto"};
    const auto found = std::ranges::find(words, std::string_view(given.value));
    if (found == words.end())
        refuse(given, "expected disabled, 50hz, 60hz or auto");
    draft.camera().set("power_line_frequency", fmt::format("{}", found - words.begin()));
}

void take_standard(Draft& draft, const Given& given) {
    std::string name;
    for (const char c : given.value)
        name += to_upper(c);
    draft.camera().set("standard", name);
}

void take_fourcc(Draft& draft, const Given& given) {
    draft.camera().set("format", given.value == "RGBP" ? "RGB565" : given.value);
}

Rule fixed_key(std::string_view key, std::string_view value) {
    return [=](Draft& draft, const Given&) { draft.camera().set(key, std::string(value)); };
}

std::vector<PeerOption> uvc_options() {
    return {
        {"d device", value, camera_source()},
        {"r resolution", value, camera_size()},
        {"f fps", value, camera_number("fps", 1, 1000, "-1")},
        {"softfps", value, camera_number("fps", 1, 1000, "-1")},
        {"y yuv", nothing, fixed_key("format", "YUYV")},
        {"u uyvy", nothing, fixed_key("format", "UYVY")},
        {"fourcc", value, take_fourcc},
        {"q quality", value, camera_number("quality", 1, 100)},
        {"m minimum_size", value, remark(looks_into)},
        {"n no_dynctrl", nothing, remark("onlooker shows the controls that the kernel has.")},
        {"l led", value, remark("it has no effect in mjpg-streamer either.")},
        {"t tvnorm", value, take_standard},
        {"e every_frame", value, remark("give a lower fps=RATE instead.")},
        {"timestamp", nothing, remark("pictures are stamped by themselves (X-Timestamp).")},
        {"timeout", value, setting("stall-seconds")},
        {"dv_timings", nothing, remark("onlooker does this by itself.")},
        {"sh", value, camera_control("sharpness")},
        {"co", value, camera_control("contrast")},
        {"br", value, camera_control("brightness", "brightness_automatic")},
        {"sa", value, camera_control("saturation")},
        {"wb", value, camera_control("white_balance_temperature", "white_balance_automatic")},
        {"ex", value, take_exposure},
        {"bk", value, camera_control("backlight_compensation")},
        {"rot", value, camera_control("ctrl.rotate")},
        {"hf", value, camera_flag("horizontal_flip", "1")},
        {"vf", value, camera_flag("vertical_flip", "1")},
        {"pl", value, take_power_line},
        {"gain", value, camera_control("gain", "gain_automatic")},
        {"cagc cb", value,
         remark("add the camera's control by its name; onlooker --list-cameras shows it.")},
        {"h help", nothing, remark(asks_only)},
    };
}

void take_rotation(Draft& draft, const Given& given) {
    const double degrees = number_of(given, 0, 359);
    if (degrees == 180)
        draft.camera().set("rotation", "180");
    else if (degrees == 90 || degrees == 270)
        draft.camera().set("rotate", shown_number(degrees));
    else if (degrees != 0)
        refuse(given, "expected 0, 90, 180 or 270");
}

// ISO 100 is an amplification of 1.
void take_iso(Draft& draft, const Given& given) {
    draft.camera().set("gain", shown_number(number_of(given, 1, 6400) / 100));
}

std::vector<PeerOption> raspicam_options() {
    return {
        {"x width", value, camera_width()},
        {"y height", value, camera_height()},
        {"fps framerate", value, camera_number("fps", 1, 1000)},
        {"quality", value, camera_number("quality", 1, 100)},
        {"rot", value, take_rotation},
        {"hf", nothing, camera_flag("hflip")},
        {"vf", nothing, camera_flag("vflip")},
        {"ISO", value, take_iso},
        {"shutter", value, camera_number("exposure", 1, 1e9)},
        {"sh co br sa ev drc", value, remark(other_scale)},
        {"ex awb ifx cfx mm awbgainR awbgainB roi", value, remark(other_scale)},
        {"vs stats", nothing, remark(other_scale)},
        {"usestills", nothing, remark("libcamera chooses the sensor's mode by size=.")},
        {"preview", nothing, remark("onlooker shows nothing on the machine's own screen.")},
        {"timestamp", nothing, remark("pictures are stamped by themselves (X-Timestamp).")},
        {"h help", nothing, remark(asks_only)},
    };
}

Rule rate_from_delay(double unit) {
    return [=](Draft& draft, const Given& given) {
        const double delay = number_of(given, 0, 1e6) / unit;
        if (delay > 0)
            draft.camera().set("fps", shown_number(std::clamp(1 / delay, 0.001, 1000.0)));
    };
}

std::vector<PeerOption> file_options() {
    return {
        {"f folder", value, camera_source()},
        {"d delay", value, rate_from_delay(1)},
        {"r remove", nothing, remark("onlooker removes no file.")},
        {"n name", value,
         [](Draft& draft, const Given& given) {
             std::string& folder = draft.camera().source;
             folder += (folder.ends_with('/') ? "" : "/") + given.value;
         }},
        {"e existing", nothing, remark("the folder's files are shown in turn, and new ones too.")},
        {"h help", nothing, remark(asks_only)},
    };
}

// "http://HOST:PORT/?action=stream", whose two parts come one by one.
Rule upstream(bool is_host) {
    return [=](Draft& draft, const Given& given) {
        const std::string& known = draft.camera().source;
        const std::size_t begin = std::string_view("http://").size();
        const std::size_t colon = known.rfind(':');
        const std::size_t slash = known.find('/', colon);
        const std::string host = is_host ? given.value : known.substr(begin, colon - begin);
        const std::string port = is_host ? known.substr(colon + 1, slash - colon - 1) : given.value;
        draft.camera().source = fmt::format("http://{}:{}/?action=stream", host, port);
    };
}

std::vector<PeerOption> http_options() {
    return {
        {"H host", value, upstream(true)},
        {"p port", value, upstream(false)},
        {"h help v version", nothing, remark(asks_only)},
    };
}

std::vector<PeerOption> opencv_options() {
    return {
        {"d device", value, camera_source()},
        {"r resolution", value, camera_size()},
        {"f fps", value, camera_number("fps", 1, 1000)},
        {"q quality", value, camera_number("quality", 1, 100)},
        {"br co sh sa ex gain", value,
         remark("the driver v4l2 sets a camera's controls; the driver opencv has none.")},
        {"filter fargs", value,
         remark("onlooker has no filters; relay:URL reads what a program of your own serves.")},
        {"h help", nothing, remark(asks_only)},
    };
}

std::vector<PeerOption> testpicture_options() {
    return {
        {"r resolution", value, camera_size()},
        {"d delay", value, rate_from_delay(1000)},
        {"h help", nothing, remark(asks_only)},
    };
}

struct Plugin {
    std::string_view name;
    std::string_view driver;
    std::string_view source;
    bool has_size;
    std::vector<PeerOption> (*options)();
};

constexpr std::array<Plugin, 6> plugins{{
    {"input_uvc", "v4l2", "/dev/video0", true, uvc_options},
    {"input_raspicam", "libcamera", "", true, raspicam_options},
    {"input_file", "emulated", "", false, file_options},
    {"input_http", "relay", "http://localhost:8080/?action=stream", false, http_options},
    {"input_opencv", "opencv", "0", true, opencv_options},
    {"input_testpicture", "testcard", "", true, testpicture_options},
}};

}  // namespace

std::string plugin_name(std::string_view word) {
    word.remove_prefix(word.rfind('/') + 1);
    if (word.ends_with(".so"))
        word.remove_suffix(3);
    return std::string(word);
}

void import_mjpg_input(const std::vector<std::string>& words, Draft& draft) {
    const std::string name = plugin_name(words.front());
    const auto plugin = std::ranges::find(plugins, std::string_view(name), &Plugin::name);
    if (plugin == plugins.end())
        return draft.remark(readable(name, 60),
                            "onlooker has nothing like this input; it was left out.");
    DraftCamera& camera = draft.add_camera(std::string(plugin->driver));
    camera.source = plugin->source;
    if (name == "input_raspicam") {
        camera.set("fps", "5");
        camera.set("quality", "85");
    }
    read_options({words.begin() + 1, words.end()}, plugin->options(), Syntax::words, draft);
    if (plugin->has_size)
        use_default_size(draft, "-r");
    if (name == "input_file")
        draft.remark(name,
                     "the driver emulated shows all files of the folder in turn, again and again; "
                     "with one file named, that one, whenever it changes.");
}

}  // namespace onlooker::importing
