#include "app/listen_values.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cstddef>
#include <utility>

#include "app/values.hpp"

namespace onlooker::app {

namespace {

using http::ListenAddress;
using Security = ListenAddress::Security;

constexpr std::string_view expected =
    "expected an address and a port, such as 127.0.0.1:5000, [::1]:5000, %wlan0:5000 or "
    "https://0.0.0.0:443; or a unix socket, unix:/run/onlooker/socket";

bool take(std::string_view& text, std::string_view beginning) {
    if (!text.starts_with(beginning))
        return false;
    text.remove_prefix(beginning.size());
    return true;
}

mode_t parse_mode(std::string_view text) {
    unsigned mode = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), mode, 8);
    if (error != std::errc{} || end != text.data() + text.size() || mode > 0777)
        throw ValueError("expected a mode from 0600 to 0777, as chmod takes it, behind mode=");
    return mode;
}

ListenAddress parse_file(std::string_view text) {
    ListenAddress address;
    address.place = ListenAddress::Place::file;
    address.port = 0;
    if (const std::size_t comma = text.find(','); comma != std::string_view::npos) {
        std::string_view mode = text.substr(comma + 1);
        if (!take(mode, "mode="))
            throw ValueError("expected mode=0660, or nothing, behind the path and its ','");
        address.mode = parse_mode(mode);
        text = text.substr(0, comma);
    }
    if (!text.starts_with('/') || text.ends_with('/'))
        throw ValueError("expected the whole path of a unix socket, unix:/run/onlooker/socket");
    address.name = text;
    return address;
}

// Of what stands behind the last ':' outside of brackets.
std::uint16_t take_port(std::string_view& text) {
    const std::size_t colon = text.rfind(':');
    if (colon == std::string_view::npos || text.ends_with(']'))
        throw ValueError(std::string(expected));
    const auto port = parse_whole<std::uint16_t>(text.substr(colon + 1), 1, 65535);
    text = text.substr(0, colon);
    return port;
}

bool is_interface_name(std::string_view name) {
    return !name.empty() && name.size() < 16 && name.find_first_of("/: ") == std::string_view::npos;
}

}  // namespace

ListenAddress parse_listen(std::string_view text) {
    Security security = Security::as_configured;
    if (take(text, "https://"))
        security = Security::tls;
    else if (take(text, "http://"))
        security = Security::plain;
    if (take(text, "unix:")) {
        if (security == Security::tls)
            throw ValueError("a unix socket is without TLS; leave https:// away");
        return parse_file(text);
    }
    if (security != Security::as_configured && text.ends_with('/'))
        text.remove_suffix(1);
    ListenAddress address;
    address.security = security;
    address.port = take_port(text);
    if (take(text, "%")) {
        if (!is_interface_name(text))
            throw ValueError("expected the name of a network interface behind the %, as wlan0");
        address.place = ListenAddress::Place::interface;
        address.name = text;
        return address;
    }
    if (!text.starts_with('[') && text.find(':') != std::string_view::npos)
        throw ValueError("an IPv6 address needs brackets before its port, as [::1]:5000");
    address.name = parse_host(text);
    return address;
}

std::string show_listen(const ListenAddress& address) {
    if (address.place == ListenAddress::Place::file)
        return "unix:" + address.name;
    const bool is_v6 = address.name.find(':') != std::string::npos;
    const char* scheme = address.security == Security::tls     ? "https://"
                         : address.security == Security::plain ? "http://"
                                                               : "";
    const char* mark = address.place == ListenAddress::Place::interface ? "%" : "";
    return fmt::format("{}{}{}{}{}:{}", scheme, mark, is_v6 ? "[" : "", address.name,
                       is_v6 ? "]" : "", address.port);
}

}  // namespace onlooker::app
