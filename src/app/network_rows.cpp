#include <fmt/format.h>

#include <optional>
#include <utility>

#include "app/listen_values.hpp"
#include "app/network_values.hpp"
#include "app/setting_kinds.hpp"
#include "app/setting_rows.hpp"

namespace onlooker::app {

namespace {

constexpr std::string_view network = "Network";
constexpr std::string_view access = "Who may look";

// Host and port count beside --listen only where they were given.
Setting noted(Setting setting) {
    setting.apply = [apply = std::move(setting.apply)](Options& o, const Values& values) {
        apply(o, values);
        o.host_or_port_given = true;
    };
    return setting;
}

}  // namespace

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

}  // namespace onlooker::app
