#include <filesystem>

#include "app/build_config.hpp"
#include "app/camera_spec.hpp"
#include "app/setting_kinds.hpp"
#include "app/setting_rows.hpp"

namespace onlooker::app {

namespace {

using namespace std::chrono_literals;

constexpr std::string_view cameras = "Cameras";

void apply_cameras(Options& options, const Values& specs) {
    std::vector<CameraOption> parsed;
    for (const std::string& spec : specs) {
        try {
            parsed.push_back(parse_camera(spec));
        } catch (const ValueError& error) {
            // The place names the setting, but not which of its values.
            if (specs.size() == 1)
                throw;
            throw ValueError(fmt::format("in {}: {}", shown_spec(spec), error.what()));
        }
    }
    name_cameras(parsed);
    options.cameras = std::move(parsed);
}

}  // namespace

std::vector<Setting> camera_rows() {
    return {
        list("camera", cameras, "SPEC",
             "A camera, [NAME=]DRIVER[:SOURCE][,key=value...]; repeatable.\n"
             "For any driver: title, quality, subsampling, always_on, workers,\n"
             "allow_truncated, drop_same_frames, changed, max_viewers; and\n"
             "where it has none of that name: rotate, flip, crop, grey, scale,\n"
             "size, lossless, overlay.",
             apply_cameras),
        seconds("idle-seconds", cameras, "A camera closes this long after its last viewer left.",
                0s, 24h, [](Options& o) -> auto& { return o.idle_time; }),
        flag("always-on", cameras, "Keep the cameras open without viewers.",
             [](Options& o) -> auto& { return o.always_on; }),
        seconds("pre-roll", cameras,
                "Clips begin so long before they are asked for. The cameras are\n"
                "kept open for it, but for those that say always_on=false.",
                0s, 10min, [](Options& o) -> auto& { return o.pre_roll; }),
        whole<std::size_t>("pre-roll-megabytes", cameras, "COUNT",
                           "Most memory for that, of all cameras together.", 1, 1'000'000,
                           [](Options& o) -> auto& { return o.pre_roll_megabytes; }),
        whole<unsigned>("quality", cameras, "1..100", "JPEG quality where we encode.", 1, 100,
                        [](Options& o) -> auto& { return o.quality; }),
        single(
            "subsampling", cameras, "420|422|444", "Colour that the JPEG keeps where we encode.",
            [](Options& o) -> auto& { return o.subsampling; }, parse_subsampling,
            [](Subsampling value) { return std::string(to_string(value)); }),
        whole<std::size_t>("max-variants", cameras, "COUNT",
                           "Smaller, turned or lettered pictures made at a time.", 0, 1000,
                           [](Options& o) -> auto& { return o.max_variants; }),
        whole<unsigned>("variant-workers", cameras, "COUNT",
                        "Threads that make them; 0: one fewer than cores, 1 to 4.", 0, 64,
                        [](Options& o) -> auto& { return o.variant_workers; }),
        single(
            "drop-same-frames", cameras, "SECONDS",
            "Pictures that are the same octet for octet are sent again after\n"
            "so long; 0: as they come.",
            [](Options& o) -> auto& { return o.drop_same_frames; }, parse_drop_same_frames,
            show_seconds),
        whole<unsigned>("changed", cameras, "LEVEL",
                        "So are those in which no spot of 8 x 8 pixels has changed by so\n"
                        "many of 256 grey levels, 6 for example; 0: octets are compared.",
                        0, 255, [](Options& o) -> auto& { return o.changed; }),
        text("state-file", cameras, "FILE",
             "Keep what is set on controls over a restart, in this file; else\n"
             "in $STATE_DIRECTORY, if a service manager has set it.",
             [](Options& o) -> auto& { return o.state_file; }),
    };
}

// When pictures stay away.
std::vector<Setting> recovery_rows() {
    return {
        seconds("stall-seconds", cameras, "A camera without a frame for so long is opened again.",
                100ms, 1h, [](Options& o) -> auto& { return o.stall_time; }),
        whole<unsigned>("stall-frames", cameras, "COUNT",
                        "The same, in frames that it owes; the longer counts.", 1, 1000,
                        [](Options& o) -> auto& { return o.stall_frames; }),
        seconds("retry-first-seconds", cameras, "First wait before a failed camera is tried again.",
                10ms, 1h, [](Options& o) -> auto& { return o.retry_first; }),
        seconds("retry-longest-seconds", cameras, "The wait doubles with each failure, up to this.",
                10ms, 24h, [](Options& o) -> auto& { return o.retry_longest; }),
        single(
            "driver-dir", cameras, "FOLDER", "Where driver modules camera_NAME.so are.",
            [](Options& o) -> auto& { return o.driver_dir; },
            [](const std::string& value) { return std::filesystem::path(value); },
            [](const auto&) { return std::string(build_config::driver_dir); }),
        text("overlay-font", cameras, "FILE",
             "Font of the words on pictures; else DejaVu Sans or the like.",
             [](Options& o) -> auto& { return o.overlay_font; }),
    };
}

}  // namespace onlooker::app
