#include "app/settings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>

#include "app/camera_spec.hpp"
#include "app/network_values.hpp"
#include "app/values.hpp"
#include "base/nearest_name.hpp"
#include "base/redaction.hpp"
#include "base/text.hpp"

namespace onlooker::app {

namespace {

using namespace std::chrono_literals;
using Values = std::vector<std::string>;

constexpr std::string_view network = "Network";
constexpr std::string_view access = "Who may look";
constexpr std::string_view cameras = "Cameras";
constexpr std::string_view limits = "Limits of HTTP";
constexpr std::string_view program = "Program";

constexpr std::size_t mebi = std::size_t{1024} * 1024;

// Each function below makes a row for one type of value; `access` gives its place in Options.

template <typename Access, typename Parse, typename Show>
Setting single(std::string_view name, std::string_view group, std::string_view placeholder,
               std::string help, Access access, Parse parse, Show show) {
    return {.name = name,
            .group = group,
            .placeholder = placeholder,
            .help = std::move(help),
            .apply = [=](Options& o, const Values& values) { access(o) = parse(values.front()); },
            .shown_default = [=](Options& o) -> std::string { return show(access(o)); }};
}

template <typename Number, typename Access>
Setting whole(std::string_view name, std::string_view group, std::string_view placeholder,
              std::string help, Number lowest, Number highest, Access access) {
    return single(
        name, group, placeholder, std::move(help), access,
        [=](std::string_view text) { return parse_whole<Number>(text, lowest, highest); },
        [](Number value) { return fmt::format("{}", value); });
}

template <typename Access>
Setting seconds(std::string_view name, std::string_view group, std::string help,
                std::chrono::milliseconds lowest, std::chrono::milliseconds highest,
                Access access) {
    return single(
        name, group, "SECONDS", std::move(help), access,
        [=](std::string_view text) { return parse_seconds(text, lowest, highest); }, show_seconds);
}

template <typename Access>
Setting octets(std::string_view name, std::string help, std::size_t lowest, std::size_t highest,
               Access access) {
    return single(
        name, limits, "OCTETS", std::move(help), access,
        [=](std::string_view text) { return parse_octets(text, lowest, highest); },
        [](std::size_t value) { return fmt::format("{}", value); });
}

template <typename Access>
Setting text(std::string_view name, std::string_view group, std::string_view placeholder,
             std::string help, Access access) {
    return single(
        name, group, placeholder, std::move(help), access,
        [](const std::string& value) {
            if (value.empty())
                throw ValueError("expected a value, not nothing");
            return value;
        },
        [](const auto&) { return std::string(); });
}

template <typename Access>
Setting flag(std::string_view name, std::string_view group, std::string help, Access access) {
    return {.name = name,
            .group = group,
            .placeholder = {},
            .help = std::move(help),
            .kind = Setting::Kind::flag,
            .apply = [=](Options& o,
                         const Values& values) { access(o) = parse_boolean(values.front()); },
            .shown_default = {}};
}

Setting action(std::string_view name, Options::Action what, std::string help) {
    return {.name = name,
            .group = program,
            .placeholder = {},
            .help = std::move(help),
            .kind = Setting::Kind::action,
            .apply = [=](Options& o, const Values&) { o.action = what; },
            .shown_default = {}};
}

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

Setting list(std::string_view name, std::string_view group, std::string_view placeholder,
             std::string help, void (*apply)(Options&, const Values&)) {
    return {.name = name,
            .group = group,
            .placeholder = placeholder,
            .help = std::move(help),
            .kind = Setting::Kind::list,
            .apply = apply,
            .shown_default = {}};
}

// Host and port count beside --listen only where they were given.
Setting noted(Setting setting) {
    setting.apply = [apply = std::move(setting.apply)](Options& o, const Values& values) {
        apply(o, values);
        o.host_or_port_given = true;
    };
    return setting;
}

std::vector<Setting> network_rows() {
    return {
        noted(single(
            "host", network, "ADDRESS",
            "Address to listen on; if not loopback, with --users or --public.",
            [](Options& o) -> auto& { return o.host; },
            [](std::string_view value) { return parse_host(value); },
            [](const std::string& value) { return value; })),
        noted(single(
            "port", network, "PORT", "TCP port to listen on.",
            [](Options& o) -> auto& { return o.port; }, parse_port,
            [](std::uint16_t value) { return fmt::format("{}", value); })),
        list("listen", network, "ADDRESS",
             "More to listen on, or instead of these two; repeatable.\n"
             "HOST:PORT, [ADDRESS]:PORT or %INTERFACE:PORT, with http:// or\n"
             "https:// before it if need be; or unix:PATH[,mode=0660].",
             listen),
        flag("public", network, "Agree that anyone on that network may watch, without a login.",
             [](Options& o) -> auto& { return o.allow_public; }),
        list("allow-host", network, "NAME",
             "A name by which requests may call this server; repeatable.\n"
             "Beside this machine's names. *.example.org: all below it; *: any.",
             allow_hosts),
        list("allow-origin", network, "ORIGIN",
             "Where other pages that may show pictures come from; repeatable.\n"
             "As in a browser's address bar, http://HOST[:PORT], or * for all.\n"
             "Pages of the same host may without it; none keeps them out, too.",
             allow_origins),
        single(
            "prefix", network, "PATH",
            "What a proxy leaves before our paths, as /webcam; / for nothing.",
            [](Options& o) -> auto& { return o.prefix; },
            [](std::string_view value) { return std::optional(parse_prefix(value)); },
            [](const auto&) { return std::string("any one segment"); }),
        text("tls-certificate", network, "FILE", "Certificate chain for HTTPS, PEM.",
             [](Options& o) -> auto& { return o.tls_certificate; }),
        text("tls-key", network, "FILE", "Its private key, PEM.",
             [](Options& o) -> auto& { return o.tls_key; }),
        {.name = "tls-self-signed",
         .group = network,
         .placeholder = "[FOLDER]",
         .help = "HTTPS with a certificate of our own, made once and kept there;\n"
                 "else in $STATE_DIRECTORY or ~/.local/state/onlooker.",
         .kind = Setting::Kind::flag,
         .apply = self_signed,
         .shown_default = {}},
        flag("tls-redirect", network, "Send requests on ports without TLS to the one with it.",
             [](Options& o) -> auto& { return o.tls_redirect; }),
    };
}

std::vector<Setting> access_rows() {
    return {
        text("users", access, "FILE",
             "Logins, tokens and keys of links; with it viewers must log in.\n"
             "onlooker user add NAME --users FILE makes it.",
             [](Options& o) -> auto& { return o.users; }),
        flag("logins-need-tls", access,
             "Take passwords and tokens of other machines over HTTPS alone.",
             [](Options& o) -> auto& { return o.logins_need_tls; }),
        list("trusted-proxy", access, "ADDRESS",
             "A proxy, or a network as 192.0.2.0/24, that is believed who asks,\n"
             "and whether by HTTPS (X-Forwarded-For, -Proto); repeatable.",
             trust_proxies),
    };
}

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
             "Keep what is set on controls over a restart, in this file.",
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

std::vector<Setting> limit_rows() {
    return {
        whole<std::size_t>("max-connections", limits, "COUNT",
                           "Connections at a time; 0: as the descriptor limit allows.", 0,
                           1'000'000, [](Options& o) -> auto& { return o.limits.connections; }),
        whole<std::size_t>("max-connections-per-address", limits, "COUNT",
                           "The same per client address; 0: no limit.", 0, 1'000'000,
                           [](Options& o) -> auto& { return o.limits.connections_per_address; }),
        whole<std::size_t>("max-viewers", limits, "COUNT",
                           "Streams watched at a time, without snapshots; 0: no limit.", 0,
                           1'000'000, [](Options& o) -> auto& { return o.limits.viewers; }),
        whole<std::size_t>("max-viewers-per-camera", limits, "COUNT",
                           "The same per camera, where it has no max_viewers of its own.", 0,
                           1'000'000,
                           [](Options& o) -> auto& { return o.limits.viewers_per_camera; }),
        whole<std::size_t>("max-viewers-per-address", limits, "COUNT",
                           "The same per client address, as a --trusted-proxy names it.", 0,
                           1'000'000,
                           [](Options& o) -> auto& { return o.limits.viewers_per_address; }),
        octets("max-request-line-octets", "Longest request line.", 256, mebi,
               [](Options& o) -> auto& { return o.limits.request_line_octets; }),
        octets("max-fields-octets", "Header fields of a request, together.", 1024, mebi,
               [](Options& o) -> auto& { return o.limits.field_octets; }),
        whole<std::size_t>("max-field-count", limits, "COUNT", "Their number.", 8, 10'000,
                           [](Options& o) -> auto& { return o.limits.field_count; }),
        octets("max-body-octets", "Body of a request.", 0, 64 * mebi,
               [](Options& o) -> auto& { return o.limits.body_octets; }),
        seconds("first-request-deadline-seconds", limits, "From connecting to the first octet.",
                100ms, 1h, [](Options& o) -> auto& { return o.deadlines.first_request; }),
        seconds("head-deadline-seconds", limits, "For a whole request head.", 100ms, 1h,
                [](Options& o) -> auto& { return o.deadlines.head; }),
        seconds("body-deadline-seconds", limits, "For a whole request body.", 100ms, 1h,
                [](Options& o) -> auto& { return o.deadlines.body; }),
        seconds("idle-deadline-seconds", limits, "Between two requests of a connection.", 100ms,
                24h, [](Options& o) -> auto& { return o.deadlines.idle; }),
        seconds("no-progress-deadline-seconds", limits,
                "A viewer that takes nothing for so long is closed.", 1s, 24h,
                [](Options& o) -> auto& { return o.deadlines.no_progress; }),
    };
}

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

std::vector<Setting> all_rows() {
    std::vector<Setting> all;
    for (auto* group :
         {camera_rows, recovery_rows, network_rows, access_rows, limit_rows, program_rows}) {
        for (Setting& setting : group())
            all.push_back(std::move(setting));
    }
    return all;
}

std::string with_dashes(std::string_view name) {
    std::string result(name);
    std::ranges::replace(result, '_', '-');
    return result;
}

}  // namespace

std::string Setting::environment_name() const {
    std::string result = "ONLOOKER_";
    for (const char c : name)
        result += c == '-' ? '_' : to_upper(c);
    return result;
}

std::span<const Setting> settings() {
    static const std::vector<Setting> all = all_rows();
    return all;
}

const Setting* find_setting(std::string_view name) {
    const auto all = settings();
    const auto found = std::ranges::find(all, with_dashes(name), &Setting::name);
    return found == all.end() ? nullptr : &*found;
}

std::string_view nearest_setting(std::string_view name) {
    static const std::vector<std::string_view> names = [] {
        std::vector<std::string_view> all;
        std::ranges::transform(settings(), std::back_inserter(all), &Setting::name);
        return all;
    }();
    return nearest_name(with_dashes(name), names);
}

}  // namespace onlooker::app
