#include "app/setting_kinds.hpp"
#include "app/setting_rows.hpp"

namespace onlooker::app {

namespace {

using namespace std::chrono_literals;

constexpr std::string_view program = "Program";

Setting action(std::string_view name, Options::Action what, std::string help) {
    return {.name = name,
            .group = program,
            .placeholder = {},
            .help = std::move(help),
            .kind = Setting::Kind::action,
            .apply = [=](Options& o, const Values&) { o.action = what; },
            .shown_default = {}};
}

}  // namespace

std::vector<Setting> program_rows() {
    using Action = Options::Action;
    return {
        {.name = "config",
         .group = program,
         .placeholder = "FILE",
         .help = "Read settings from a file of lines `name = value`.",
         .kind = Setting::Kind::file,
         .apply = [](Options& o, const Values& values) { o.config_file = values.front(); },
         .shown_default = {}},
        single(
            "log-level", program, "LEVEL", "debug, info, warning, error or off.",
            [](Options& o) -> auto& { return o.log_level; }, parse_log_level,
            [](LogLevel value) { return std::string(to_string(value)); }),
        seconds("exit-idle", program, "Started by systemd's socket, end when nobody came so long.",
                0s, 24h, [](Options& o) -> auto& { return o.exit_idle; }),
        text("user", program, "NAME",
             "Whom root becomes once it listens; else onlooker, if there is one.",
             [](Options& o) -> auto& { return o.user; }),
        action("check-config", Action::check_config,
               "Say whether the configuration is good, and exit."),
        action("list-cameras", Action::list_cameras, "Show the cameras of this machine, and exit."),
        action("version", Action::version, "Show the version and what is built in, and exit."),
        {.name = "help",
         .group = program,
         .placeholder = "[DRIVER]",
         .help = "Show this, or the options of a driver, and exit.",
         .kind = Setting::Kind::action,
         .apply =
             [](Options& o, const Values& values) {
                 o.action = Action::help;
                 o.help_driver = values.empty() ? std::string() : values.front();
             },
         .shown_default = {}},
    };
}

}  // namespace onlooker::app
