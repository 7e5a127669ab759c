#include <string>
#include <string_view>
#include <utility>

#include "app/setting_kinds.hpp"
#include "app/setting_rows.hpp"

namespace onlooker::app {

namespace {

constexpr std::string_view moving = "Moving from other programs";

Setting import_from(std::string_view name, std::string_view placeholder, Peer peer,
                    std::string help) {
    return {.name = name,
            .group = moving,
            .placeholder = placeholder,
            .help = std::move(help),
            .kind = Setting::Kind::action,
            .apply =
                [=](Options& o, const Values& values) {
                    o.action = Options::Action::import;
                    o.import_peer = peer;
                    o.import_source = values.front();
                },
            .shown_default = {}};
}

}  // namespace

std::vector<Setting> import_rows() {
    return {
        import_from("import-ustreamer", "WORDS", Peer::ustreamer,
                    "Print our configuration for a command line of uStreamer, and\n"
                    "exit; -: it, or the unit that holds it, from standard input."),
        import_from("import-mjpg-streamer", "WORDS", Peer::mjpg_streamer,
                    R"(The same for mjpg-streamer, -i "input_uvc.so ..." -o "...".)"),
        import_from("import-camera-streamer", "WORDS", Peer::camera_streamer,
                    "The same for camera-streamer."),
        import_from("import-motion", "FILE", Peer::motion,
                    "The same for Motion's motion.conf, with the files it names."),
    };
}

}  // namespace onlooker::app
