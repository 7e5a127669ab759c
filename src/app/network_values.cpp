#include "app/network_values.hpp"

#include <asio/ip/address_v6.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>

#include "app/camera_spec.hpp"
#include "app/listen_values.hpp"
#include "base/redaction.hpp"
#include "base/text.hpp"
#include "http/trusted_proxies.hpp"

namespace onlooker::app {

namespace {

std::string lower(std::string_view text) {
    std::string result(text);
    std::ranges::transform(result, result.begin(), to_lower);
    return result;
}

// RFC 3986, section 3.1. Pages of browser extensions and of programs that are one have schemes of
// their own.
bool is_scheme(std::string_view text) {
    return !text.empty() && !is_digit(text.front()) && std::ranges::all_of(text, [](char c) {
        return is_alphanumeric(c) || c == '+' || c == '-' || c == '.';
    });
}

// Also with '_', which no name of the DNS's hosts may have and many have.
bool is_host_name(std::string_view text) {
    return !text.empty() && text.size() <= 253 && std::ranges::all_of(text, [](char c) {
        return is_alphanumeric(c) || c == '.' || c == '-' || c == '_';
    });
}

std::optional<asio::ip::address_v6> v6_in_brackets(std::string_view text) {
    if (!text.starts_with('[') || !text.ends_with(']'))
        return std::nullopt;
    asio::error_code error;
    const auto address =
        asio::ip::make_address_v6(std::string(text.substr(1, text.size() - 2)), error);
    return error || address.scope_id() != 0 ? std::nullopt : std::optional(address);
}

bool is_v6(std::string_view text) {
    asio::error_code error;
    asio::ip::make_address_v6(std::string(text), error);
    return !error || v6_in_brackets(text).has_value();
}

// host[:port] with the address, and the port, in the one form that a browser gives them; nothing if
// it is none.
std::optional<std::string> canonical_authority(std::string_view text, std::string_view scheme) {
    const std::size_t colon = text.find(':', text.starts_with('[') ? text.find(']') : 0);
    std::string host(text.substr(0, colon));
    if (const auto address = v6_in_brackets(host))
        host = '[' + address->to_string() + ']';
    else if (!is_host_name(host))
        return std::nullopt;
    if (colon == std::string_view::npos)
        return host;
    const auto port = parse_number<std::uint16_t>(text.substr(colon + 1));
    if (!port || *port == 0)
        return std::nullopt;
    const bool meant_anyway =
        (scheme == "http" && *port == 80) || (scheme == "https" && *port == 443);
    return meant_anyway ? host : fmt::format("{}:{}", host, *port);
}

// An error names the value that it is about where there are several.
template <typename Value>
std::vector<Value> parse_all(const std::vector<std::string>& values,
                             Value (*parse)(std::string_view)) {
    std::vector<Value> parsed;
    for (const std::string& value : values) {
        try {
            parsed.push_back(parse(value));
        } catch (const ValueError& error) {
            if (values.size() == 1)
                throw;
            throw ValueError(fmt::format("in {}: {}", without_secrets(value), error.what()));
        }
    }
    return parsed;
}

}  // namespace

std::string parse_origin(std::string_view text) {
    if (text == "*")
        return "*";
    if (equal_ignoring_case(text, "null"))
        throw ValueError(
            "null is what a browser says of a file or a sandbox, and any page can make itself one; "
            "allow * if you mean all pages");
    // As a browser writes it (RFC 6454, section 4): in lower case, without the port that the scheme
    // means anyway, and without the '/' that people copy with it.
    std::string origin = lower(text.ends_with('/') ? text.substr(0, text.size() - 1) : text);
    const std::size_t mark = origin.find("://");
    const std::size_t begin = mark == std::string::npos ? 0 : mark + 3;
    const std::string_view scheme = std::string_view(origin).substr(0, std::min(mark, begin));
    const auto authority = canonical_authority(std::string_view(origin).substr(begin), scheme);
    if (!authority || !is_scheme(scheme))
        throw ValueError(
            "expected an origin such as http://mainsail.local or https://example.org:8443, without "
            "a "
            "path, and with other letters as a browser sends them, xn--kche-0ra; or *, or none");
    return origin.substr(0, begin) + *authority;
}

std::string parse_host_pattern(std::string_view text) {
    std::string name = lower(text);
    if (name.size() > 2 && name.ends_with('.'))
        name.pop_back();
    const std::string_view plain = name.starts_with("*.") ? std::string_view(name).substr(2) : name;
    if (name != "*" && !is_host_name(plain) && !is_v6(name))
        throw ValueError(
            "expected a name such as cam.example.org, without http:// and port; *.example.org for "
            "all below it; or *");
    return name;
}

std::string parse_prefix(std::string_view text) {
    const bool plausible =
        text.starts_with('/') && text.size() <= 255 && text.find("//") == std::string_view::npos &&
        text.find("/.") == std::string_view::npos && std::ranges::all_of(text, [](char c) {
            return is_alphanumeric(c) ||
                   std::string_view("/-._~").find(c) != std::string_view::npos;
        });
    if (!plausible)
        throw ValueError(
            "expected a path such as /webcam, of letters, digits, - . _ ~; or / alone");
    return std::string(text.substr(0, text.find_last_not_of('/') + 1));
}

void self_signed(Options& options, const std::vector<std::string>& values) {
    const std::string value = values.empty() ? std::string() : values.front();
    const auto wished = value.empty() ? std::optional(true) : parse_yes_no(value);
    if (wished == false)
        options.tls_self_signed.reset();
    else
        options.tls_self_signed = wished ? std::string() : value;
}

void listen(Options& options, const std::vector<std::string>& addresses) {
    options.listen = parse_all(addresses, parse_listen);
}

void allow_hosts(Options& options, const std::vector<std::string>& names) {
    options.allow_hosts = parse_all(names, parse_host_pattern);
}

void allow_origins(Options& options, const std::vector<std::string>& origins) {
    const bool none = std::ranges::any_of(
        origins, [](const std::string& origin) { return equal_ignoring_case(origin, "none"); });
    if (none && origins.size() > 1)
        throw ValueError("none stands alone; give either it or the origins");
    options.allow_same_host = !none;
    options.allow_origins = none ? std::vector<std::string>() : parse_all(origins, parse_origin);
}

void trust_proxies(Options& options, const std::vector<std::string>& networks) {
    try {
        (void)http::TrustedProxies(networks);
    } catch (const std::invalid_argument& error) {
        throw ValueError(std::string("expected ") + error.what());
    }
    options.trusted_proxies = networks;
}

}  // namespace onlooker::app
