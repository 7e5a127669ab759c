#include "base/url_login.hpp"

#include <algorithm>
#include <cstdint>

#include "base/text.hpp"

namespace onlooker {

namespace {

constexpr std::size_t none = std::string_view::npos;
constexpr std::string_view scheme_end = "://";

constexpr bool is_scheme_octet(char c) noexcept {
    return is_alphanumeric(c) || c == '+' || c == '-' || c == '.';
}

// A text may hold several URLs, with blanks between them. A blank alone ends none: a password may
// hold one.
std::size_t end_of_url(std::string_view text, std::size_t begin) noexcept {
    for (std::size_t next = text.find(scheme_end, begin); next != none;
         next = text.find(scheme_end, next + 1)) {
        std::size_t scheme = next;
        while (scheme > begin && is_scheme_octet(text[scheme - 1]))
            --scheme;
        if (scheme > begin && scheme < next && text[scheme - 1] == ' ')
            return scheme - 1;
    }
    return text.size();
}

bool is_port(std::string_view text) noexcept {
    return text.empty() || parse_number<std::uint16_t>(text).has_value();
}

// Of "host:port": the last ':', but none of an IPv6 address.
std::size_t find_port_colon(std::string_view host) noexcept {
    const std::size_t bracket = host.starts_with('[') ? host.find(']') : 0;
    const std::size_t colon = host.rfind(':');
    return bracket != none && colon != none && colon < bracket ? none : colon;
}

// An address, which nobody has for a user name. Behind an '@' it may still be part of a password,
// p@localhost#1, but hardly as an IP address.
bool is_surely_host(std::string_view host, bool behind_at) noexcept {
    const std::size_t colon = find_port_colon(host);
    if (colon != none && !is_port(host.substr(colon + 1)))
        return false;
    const std::string_view name = host.substr(0, colon);
    const bool is_v4 = std::ranges::count(name, '.') == 3 &&
                       std::ranges::all_of(name, [](char c) { return is_digit(c) || c == '.'; });
    const bool is_v6 = name.starts_with('[') && name.ends_with(']');
    return is_v4 || is_v6 || (!behind_at && equal_ignoring_case(name, "localhost"));
}

}  // namespace

UrlLogin find_login(std::string_view text, std::size_t start) noexcept {
    UrlLogin login;
    const std::size_t found = text.find(scheme_end, start);
    if (found == none)
        return login;
    using Reading = UrlLogin::Reading;
    login.begin = found + scheme_end.size();
    const std::size_t url_end = end_of_url(text, login.begin);
    const std::size_t path = std::min(text.find_first_of("/?#", login.begin), url_end);
    const std::string_view authority = text.substr(login.begin, path - login.begin);
    const std::size_t at = authority.rfind('@');
    const std::string_view host = at == none ? authority : authority.substr(at + 1);
    const std::size_t port = find_port_colon(host);
    const bool bad_port = port != none && !is_port(host.substr(port + 1));
    const std::size_t later = text.substr(0, url_end).rfind('@');
    const bool more_follows = later != none && later >= path;

    if (const std::size_t colon = authority.find(':'); colon != none)
        login.colon = login.begin + colon;
    if (login.colon != none && more_follows && !is_surely_host(host, at != none)) {
        const bool is_only_one = at == none && bad_port && text.find('@', path) == later;
        login.reading = is_only_one ? Reading::unescaped : Reading::doubtful;
        login.end = later;
    } else if (bad_port) {
        login.reading = Reading::unfinished;
        login.end = url_end;
    } else if (at != none) {
        login.reading = Reading::clear;
        login.end = login.begin + at;
    }
    if (login.colon != none && (login.end == none || login.colon > login.end))
        login.colon = none;
    return login;
}

std::string_view login_advice(UrlLogin::Reading reading) noexcept {
    switch (reading) {
        case UrlLogin::Reading::none:
        case UrlLogin::Reading::clear:
            break;
        case UrlLogin::Reading::unescaped:
            return "the password in the URL holds a '/', '?' or '#': write it as %2F, %3F or %23";
        case UrlLogin::Reading::doubtful:
            return "an '@' stands behind the first '/', '?' or '#' of the URL: in a password write "
                   "those as %2F, %3F or %23, in a path write '@' as %40";
        case UrlLogin::Reading::unfinished:
            return "behind a ':' of the URL stands neither a port from 0 to 65535 nor a password "
                   "that ends with '@' and the host; is the host missing?";
    }
    return {};
}

bool is_inside_login(std::string_view text, std::size_t place) noexcept {
    return text.find('@', place) != none &&
           find_login(text.substr(0, place)).reading == UrlLogin::Reading::unfinished;
}

}  // namespace onlooker
