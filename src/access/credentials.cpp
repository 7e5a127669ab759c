#include "access/credentials.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "access/crypto.hpp"
#include "access/names.hpp"
#include "access/passwords.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"

namespace onlooker::access {

namespace {

using Fault = Credentials::Fault;

constexpr std::size_t longest_token = 256;
constexpr int longest_session_seconds = 30 * 24 * 60 * 60;  // as Sessions::Settings::absolute

// RFC 6750, section 2.1: b64token.
bool is_token_octet(char c) noexcept {
    return is_alphanumeric(c) || std::string_view("-._~+/=").find(c) != std::string_view::npos;
}

std::optional<Secret> read_bearer(std::string_view value) {
    if (value.empty() || value.size() > longest_token ||
        !std::ranges::all_of(value, is_token_octet))
        return std::nullopt;
    return Secret(std::string(value));
}

// RFC 7617: the name ends at the first colon, which it cannot hold; both are UTF-8, as the
// challenge says. Whoever does not heed that sends ISO-8859-1: libsoup, and so GStreamer, for
// letters that it has (soup-auth-basic.c), aiohttp, and so Home Assistant (aiohttp.BasicAuth), and
// requests. Such octets are hardly ever UTF-8 as well.
std::optional<BasicLogin> read_basic(std::string_view value) {
    constexpr std::size_t longest = (longest_user_name + 1 + longest_password + 2) / 3 * 4;
    if (value.size() > longest)
        return std::nullopt;
    auto octets = base64_decoded(value);
    if (!octets)
        return std::nullopt;
    Secret sent(std::move(*octets));
    const Secret whole =
        is_utf8(sent.view()) ? std::move(sent) : Secret(utf8_of_latin1(sent.view()));
    const auto colon = whole.view().find(':');
    if (colon == std::string_view::npos)
        return std::nullopt;
    const auto name = whole.view().substr(0, colon);
    const auto password = whole.view().substr(colon + 1);
    if (!is_user_name(name) || password.empty() || password.size() > longest_password ||
        password.find('\0') != std::string_view::npos)
        return std::nullopt;
    return BasicLogin{.name = std::string(name), .password = Secret(std::string(password))};
}

Fault read_field(std::string_view field, Credentials& into) {
    const auto blank = field.find(' ');
    const auto scheme = field.substr(0, blank);
    const auto value = blank == std::string_view::npos ? "" : trimmed(field.substr(blank), " ");
    if (equal_ignoring_case(scheme, "Basic"))
        into.basic = read_basic(value);
    else if (equal_ignoring_case(scheme, "Bearer"))
        into.token = read_bearer(value);
    return into.basic || into.token ? Fault::none : Fault::malformed;
}

// RFC 6265, section 4.2: "a=1; b=2".
Fault read_cookies(std::string_view field, std::string_view wanted, Credentials& into) {
    while (!field.empty()) {
        const auto pair = trimmed(field.substr(0, field.find(';')));
        field.remove_prefix(std::min(field.find(';'), field.size() - 1) + 1);
        const auto equals = pair.find('=');
        if (equals == std::string_view::npos || pair.substr(0, equals) != wanted)
            continue;
        const auto value = pair.substr(equals + 1);
        if (into.session && *into.session != value)
            return Fault::conflict;
        if (!value.empty())
            into.session = std::string(value);
    }
    return Fault::none;
}

Credentials faulty(Fault fault) {
    Credentials credentials;
    credentials.fault = fault;
    return credentials;
}

std::string cookie(std::string_view name, std::string_view value, int seconds, bool secure) {
    return fmt::format("{}={}; Path=/; Max-Age={}; HttpOnly; SameSite=Strict{}", name, value,
                       seconds, secure ? "; Secure" : "");
}

}  // namespace

Credentials read_credentials(const http::Request& request, std::string_view cookie) {
    Credentials credentials;
    bool first = true;
    for (const std::string& field : request.all("Authorization")) {
        if (!std::exchange(first, false))
            return faulty(Fault::conflict);
        if (const Fault fault = read_field(field, credentials); fault != Fault::none)
            credentials.fault = fault;
    }
    for (const std::string& field : request.all("Cookie"))
        if (read_cookies(field, cookie, credentials) != Fault::none)
            return faulty(Fault::conflict);
    return credentials.fault == Fault::none ? std::move(credentials) : faulty(credentials.fault);
}

std::string session_cookie_name(std::uint16_t port, bool secure) {
    return fmt::format("{}onlooker_{}", secure ? "__Host-" : "", port);
}

std::string set_session_cookie(std::string_view name, std::string_view id, bool secure) {
    return cookie(name, id, longest_session_seconds, secure);
}

std::string clear_session_cookie(std::string_view name, bool secure) {
    return cookie(name, "", 0, secure);
}

}  // namespace onlooker::access
