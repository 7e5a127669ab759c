#include "base/redaction.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include "base/text.hpp"
#include "base/url_login.hpp"

namespace onlooker {

namespace {

constexpr std::size_t none = std::string_view::npos;

void hide_url_passwords(std::string& text) {
    for (UrlLogin login = find_login(text); login.begin != none;
         login = find_login(text, login.begin)) {
        if (login.colon != none)
            text.replace(login.colon + 1, login.end - login.colon - 1, "***");
    }
}

// Where a login without "http://" before it has its password: behind the first ':', up to the
// last '@'. The paths of devices, /base/soc/i2c@1, have no such ':'.
struct Span {
    std::size_t begin = none;
    std::size_t end = none;
};

Span find_bare_password(std::string_view text) noexcept {
    const std::size_t at = text.rfind('@');
    if (at == none || text.find("://") != none)
        return {};
    const std::size_t colon = text.find(':');
    return colon < at ? Span{colon + 1, at} : Span{};
}

void hide_bare_password(std::string& text) {
    if (const Span password = find_bare_password(text); password.begin != none)
        text.replace(password.begin, password.end - password.begin, "***");
}

constexpr bool is_key_octet(char c) noexcept {
    return is_alphanumeric(c) || c == '_' || c == '-';
}

// At the comma before the next `key=`, or the end. In the query of a URL '&' ends a value too.
std::size_t find_value_end(std::string_view text, std::size_t from, bool in_query) noexcept {
    for (std::size_t i = from; i < text.size(); ++i) {
        if (text[i] == '&' && in_query)
            return i;
        if (text[i] != ',' || text[i - 1] == '\\')
            continue;
        const std::size_t key_end = std::min(text.find_first_of("=,", i + 1), text.size());
        if (key_end < text.size() && text[key_end] == '=' && key_end > i + 1)
            return i;
    }
    return text.size();
}

void hide_secret_values(std::string& text) {
    for (std::size_t equals = text.find('='); equals != none; equals = text.find('=', equals + 1)) {
        std::size_t begin = equals;
        while (begin > 0 && is_key_octet(text[begin - 1]))
            --begin;
        const bool in_query = begin > 0 && (text[begin - 1] == '?' || text[begin - 1] == '&');
        if (is_secret_key(std::string_view(text).substr(begin, equals - begin))) {
            const std::size_t end = find_value_end(text, equals + 1, in_query);
            text.replace(equals + 1, end - equals - 1, "***");
        }
    }
}

// Without any login. Where it is not clear what is one, nothing but the scheme stays.
std::string without_any_login(std::string_view url) {
    std::string shown(url);
    for (UrlLogin login = find_login(shown); login.begin != none;
         login = find_login(shown, login.begin)) {
        using Reading = UrlLogin::Reading;
        if (login.reading == Reading::clear || login.reading == Reading::unescaped)
            shown.erase(login.begin, login.end + 1 - login.begin);
        else if (login.reading != Reading::none)
            shown.replace(login.begin, none, "***");
    }
    if (const Span password = find_bare_password(shown); password.begin != none)
        shown.erase(0, password.end + 1);
    return shown;
}

}  // namespace

bool is_secret_key(std::string_view key) noexcept {
    static constexpr std::array<std::string_view, 14> words{
        "password", "pasword", "passwort", "passwd", "passphrase", "passcode", "pass",
        "pas",      "pwd",     "pw",       "token",  "secret",     "auth",     "key"};
    // What people write behind password_file= may be the password itself.
    static constexpr std::string_view in_a_file = "_file";
    std::string_view name = key;
    if (name.ends_with(in_a_file))
        name.remove_suffix(in_a_file.size());
    return std::ranges::any_of(words, [name](auto word) {
        return name.size() >= word.size() &&
               equal_ignoring_case(name.substr(name.size() - word.size()), word);
    });
}

std::string without_secrets(std::string_view text) {
    std::string result(text);
    hide_url_passwords(result);
    hide_bare_password(result);
    hide_secret_values(result);
    return readable(result);
}

std::string without_login(std::string_view url) {
    std::string shown = without_any_login(url);
    const std::size_t scheme = shown.find("://");
    const std::size_t query = scheme == none ? none : shown.find('?', scheme);
    if (query != none)
        shown.resize(query);
    hide_secret_values(shown);
    return escaped(shown) + (query == none ? "" : "?...");
}

}  // namespace onlooker
