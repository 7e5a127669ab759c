#include "http/message/syntax.hpp"

#include <asio/ip/address_v6.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/text.hpp"
#include "http/message/percent.hpp"

namespace onlooker::http {

namespace {

bool is_name_char(char c) noexcept {
    return is_alphanumeric(c) ||
           std::string_view("-._~!$&'()*+,;=%").find(c) != std::string_view::npos;
}

bool is_valid_port(std::string_view text) noexcept {
    return text.empty() || (parse_number<std::uint16_t>(text).has_value());
}

bool is_valid_literal(std::string_view text) {
    asio::error_code error;
    asio::ip::make_address_v6(std::string(text), error);
    return !error && text.find('%') == std::string_view::npos;
}

}  // namespace

bool is_token_char(char c) noexcept {
    return is_alphanumeric(c) ||
           (c != '\0' && std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos);
}

std::string_view next_element(std::string_view& list) noexcept {
    const std::size_t comma = std::min(list.find(','), list.size());
    const std::string_view element = list.substr(0, comma);
    list.remove_prefix(std::min(comma + 1, list.size()));
    return trimmed(element);
}

bool is_http_version(std::string_view text) noexcept {
    return text.size() == 8 && text.starts_with("HTTP/") && is_digit(text[5]) && text[6] == '.' &&
           is_digit(text[7]);
}

bool is_valid_host(std::string_view text) noexcept {
    std::string_view host = text;
    std::string_view port;
    if (text.starts_with('[')) {
        const auto end = text.find(']');
        if (end == std::string_view::npos || !is_valid_literal(text.substr(1, end - 1)))
            return false;
        port = text.substr(end + 1);
        return port.empty() || (port.front() == ':' && is_valid_port(port.substr(1)));
    }
    if (const auto colon = text.find(':'); colon != std::string_view::npos) {
        host = text.substr(0, colon);
        port = text.substr(colon + 1);
    }
    return !host.empty() && std::ranges::all_of(host, is_name_char) && is_valid_port(port) &&
           percent_decoded(host).has_value();
}

bool names_entity_tag(std::string_view if_none_match, std::string_view etag) noexcept {
    while (!if_none_match.empty()) {
        std::string_view tag = next_element(if_none_match);
        // The weak comparison (RFC 9110, section 8.8.3.2).
        if (tag.starts_with("W/"))
            tag.remove_prefix(2);
        if (tag == etag || tag == "*")
            return true;
    }
    return false;
}

}  // namespace onlooker::http
