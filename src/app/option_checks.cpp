#include "app/option_checks.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "app/listen_values.hpp"

namespace onlooker::app {

namespace {

// How the user named an address, for words about it.
std::string option_of(const Options& options, const http::ListenAddress& address) {
    const bool is_listed = std::ranges::find(options.listen, address) != options.listen.end();
    return is_listed ? "--listen " + show_listen(address) : "--host " + address.name;
}

void check_public(Options& options, const http::ListenAddress& address) {
    if (is_loopback(address))
        return;
    if (!options.users.empty()) {
        if (!address.is_tls(!options.tls_certificate.empty()) && !options.tls_redirect)
            options.warnings.push_back(fmt::format(
                "passwords and pictures cross the network of {} as plain HTTP, and whoever is on "
                "the way can read them; --tls-self-signed, or --tls-certificate and --tls-key, end "
                "that",
                option_of(options, address)));
        return;
    }
    if (options.allow_public) {
        options.warnings.push_back(fmt::format(
            "anyone on that network may watch: {} is not loopback, and there are no users",
            option_of(options, address)));
        return;
    }
    throw ConfigError(fmt::format(
        "{} lets anyone on that network watch your cameras: there are no users. Make some "
        "(onlooker user add NAME --users FILE) and name the file with --users FILE; or, if anyone "
        "may watch, say --public too (public = true in a file, ONLOOKER_PUBLIC=1 in the "
        "environment). If neither, leave it out: then only this machine can watch, and others "
        "reach it through a tunnel such as ssh -L {}:localhost:{} HERE",
        option_of(options, address), address.port, address.port));
}

void check_listen(Options& options) {
    const bool has_certificate = !options.tls_certificate.empty();
    bool has_tls = false;
    bool has_plain = false;
    for (const http::ListenAddress& address : options.listen_addresses()) {
        check_public(options, address);
        const bool is_tls = address.is_tls(has_certificate);
        if (is_tls && !has_certificate)
            throw ConfigError(fmt::format(
                "{} takes a certificate: --tls-certificate and --tls-key, or --tls-self-signed",
                option_of(options, address)));
        has_tls = has_tls || is_tls;
        has_plain = has_plain || (!is_tls && address.place != http::ListenAddress::Place::file);
    }
    if (options.tls_redirect && !(has_tls && has_plain))
        throw ConfigError(
            "--tls-redirect takes a port of each kind, as --listen http://localhost:5000 --listen "
            "https://localhost:5443");
}

void check_tls(const Options& options) {
    if (options.tls_certificate.empty() != options.tls_key.empty())
        throw ConfigError(fmt::format("--{} is there without --{}; HTTPS needs both files",
                                      options.tls_key.empty() ? "tls-certificate" : "tls-key",
                                      options.tls_key.empty() ? "tls-key" : "tls-certificate"));
    if (!options.tls_certificate.empty() && !build_config::has_tls)
        throw ConfigError(
            "HTTPS was asked for, and this onlooker was built without HTTPS; take one built "
            "with the meson option -Dtls=enabled, or put a proxy in front");
}

void check_access(Options& options) {
    if (!options.users.empty() && options.allow_public)
        options.warnings.emplace_back(
            "--public means nothing beside --users: every viewer must log in");
    if (options.users.empty() && options.logins_need_tls)
        throw ConfigError("--logins-need-tls is there without --users FILE: there are no logins");
}

}  // namespace

void check_together(Options& options) {
    check_access(options);
    check_tls(options);
    check_listen(options);
    if (options.retry_first > options.retry_longest)
        throw ConfigError(
            "--retry-first-seconds is longer than --retry-longest-seconds; make one of them fit");
}

}  // namespace onlooker::app
