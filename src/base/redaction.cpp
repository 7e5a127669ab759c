#include "base/redaction.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include "base/text.hpp"

namespace onlooker {

namespace {

constexpr std::size_t none = std::string_view::npos;

// Where the authority of a URL begins, from `start` on.
std::size_t find_authority(std::string_view text, std::size_t start) noexcept {
    const std::size_t scheme_end = text.find("://", start);
    return scheme_end == none ? none : scheme_end + 3;
}

// The '@' that ends the login of an authority; `none` without one. By the standard (RFC 3986, 3.2)
// it stands before the first '/', '?' or '#'; but a password with one of these is a password, too,
// unless it reads as host, port and path.
std::size_t find_login_end(std::string_view text, std::size_t authority) noexcept {
    const std::size_t end = std::min(text.find(' ', authority), text.size());
    const std::size_t by_standard = std::min(text.find_first_of("/?#", authority), end);
    const auto last_at = [&](std::size_t before) {
        const std::size_t at = text.substr(0, before).rfind('@');
        return at != none && at >= authority ? at : none;
    };
    if (const std::size_t at = last_at(by_standard); at != none)
        return at;
    const std::string_view host = text.substr(authority, by_standard - authority);
    const std::size_t colon = host.rfind(':');
    const bool is_port = colon != none && std::ranges::all_of(host.substr(colon + 1), is_digit) &&
                         !text.substr(by_standard).starts_with('#');
    return colon == none || host.starts_with('[') || is_port ? none : last_at(end);
}

void hide_url_passwords(std::string& text) {
    for (std::size_t authority = find_authority(text, 0); authority != none;
         authority = find_authority(text, authority)) {
        const std::size_t at = find_login_end(text, authority);
        const std::size_t colon = text.find(':', authority);
        if (at != none && colon < at)
            text.replace(colon + 1, at - colon - 1, "***");
    }
}

constexpr bool is_key_octet(char c) noexcept {
    return is_alphanumeric(c) || c == '_' || c == '-';
}

std::size_t find_value_end(std::string_view text, std::size_t from) noexcept {
    for (std::size_t i = from; i < text.size(); ++i) {
        if (text[i] == '&' || (text[i] == ',' && text[i - 1] != '\\'))
            return i;
    }
    return text.size();
}

void hide_secret_values(std::string& text) {
    for (std::size_t equals = text.find('='); equals != none; equals = text.find('=', equals + 1)) {
        std::size_t begin = equals;
        while (begin > 0 && is_key_octet(text[begin - 1]))
            --begin;
        if (is_secret_key(std::string_view(text).substr(begin, equals - begin)))
            text.replace(equals + 1, find_value_end(text, equals + 1) - equals - 1, "***");
    }
}

}  // namespace

bool is_secret_key(std::string_view key) noexcept {
    static constexpr std::array<std::string_view, 7> words{"password", "passwd", "pass", "pwd",
                                                           "token",    "secret", "key"};
    return std::ranges::any_of(words, [key](auto word) { return key.ends_with(word); });
}

std::string without_secrets(std::string_view text) {
    std::string result(text);
    hide_url_passwords(result);
    hide_secret_values(result);
    return escaped(result);
}

std::string without_login(std::string_view url) {
    const std::size_t authority = find_authority(url, 0);
    if (authority == none)
        return escaped(url);
    const std::size_t at = find_login_end(url, authority);
    const std::size_t host = at == none ? authority : at + 1;
    const std::size_t query = std::min(url.find('?', host), url.size());
    std::string shown(url.substr(0, authority));
    shown += url.substr(host, query - host);
    return escaped(shown) + (query == url.size() ? "" : "?...");
}

}  // namespace onlooker
