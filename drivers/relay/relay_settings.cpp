#include "relay/relay_settings.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "base/redaction.hpp"
#include "base/text.hpp"
#include "base/url_login.hpp"
#include "camera/driver_options.hpp"
#include "relay/forbidden_address.hpp"

namespace onlooker::drivers {

namespace {

using camera::DriverOptionError;

struct UrlDeleter {
    void operator()(CURLU* url) const noexcept { curl_url_cleanup(url); }
};
using Url = std::unique_ptr<CURLU, UrlDeleter>;

std::string part_of(CURLU* url, CURLUPart part) {
    char* text = nullptr;
    if (curl_url_get(url, part, &text, 0) != CURLUE_OK)
        return {};
    const std::unique_ptr<char, decltype(&curl_free)> owner(text, &curl_free);
    return text;
}

// A '%' that no two hexadecimal digits follow stands for itself, as browsers take it.
std::string without_percents(std::string_view text) {
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        unsigned octet = 0;
        const char* digits = text.data() + i + 1;
        if (text[i] == '%' && text.size() - i > 2 &&
            std::from_chars(digits, digits + 2, octet, 16).ptr == digits + 2) {
            result += static_cast<char>(octet);
            i += 2;
        } else {
            result += text[i];
        }
    }
    const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20; };
    if (std::ranges::any_of(result, is_control))
        throw DriverOptionError("relay: the login in the URL holds a control character");
    return result;
}

// Takes the login off and gives the rest. libcurl would take a password's '@' for the end of it.
std::string take_login(const std::string& source, RelaySettings& options) {
    const UrlLogin login = find_login(source);
    if (!login.is_plain())
        throw DriverOptionError("relay: " + std::string(login_advice(login.reading)));
    if (login.reading == UrlLogin::Reading::none)
        return source;
    const std::string_view text = source;
    const std::size_t user_end = std::min(login.colon, login.end);
    options.user = without_percents(text.substr(login.begin, user_end - login.begin));
    if (login.colon < login.end)
        options.password =
            without_percents(text.substr(login.colon + 1, login.end - login.colon - 1));
    return source.substr(0, login.begin) + source.substr(login.end + 1);
}

// As browsers take it: blanks are written as %20.
std::string as_typed(std::string_view source) {
    std::string result;
    for (const char c : source)
        result += c == ' ' ? "%20" : std::string(1, c);
    return result;
}

bool has_scheme(std::string_view source, std::string_view scheme) {
    return equal_ignoring_case(source.substr(0, scheme.size()), scheme);
}

// The source is not repeated in what is thrown here: it may hold a password.
void take_url(std::string_view typed, RelaySettings& options) {
    const std::string source = as_typed(take_login(std::string(trimmed(typed, " ")), options));
    const Url url(curl_url());
    if (!url ||
        curl_url_set(url.get(), CURLUPART_URL, source.c_str(), CURLU_URLENCODE) != CURLUE_OK ||
        !(has_scheme(source, "http://") || has_scheme(source, "https://")))
        throw DriverOptionError(
            "relay: the source must be the URL of a stream or a picture, "
            "http://HOST[:PORT]/PATH or https://...");
    curl_url_set(url.get(), CURLUPART_FRAGMENT, nullptr, 0);
    options.url = part_of(url.get(), CURLUPART_URL);
    options.shown = without_login(options.url);
    if (const std::string why = why_forbidden(part_of(url.get(), CURLUPART_HOST)); !why.empty())
        throw DriverOptionError(
            fmt::format("relay: {} is refused: {}; give the camera an address of your network",
                        options.shown, why));
}

camera::OptionRows rows(RelaySettings& options) {
    using namespace camera;
    using namespace std::chrono_literals;
    return {
        text_option("user", "NAME", "User to log in as, by Basic or Digest as the server asks.",
                    options.user)
            .unless_set("that of the URL"),
        text_option("password_file", "FILE", "File whose first line is the user's password.",
                    options.password_file),
        text_option("token_file", "FILE", "File whose first line is a bearer token.",
                    options.token_file),
        text_option("ca", "FILE",
                    "PEM certificates to trust, for https; one that the server itself shows is "
                    "trusted under any name.",
                    options.ca_file)
            .unless_set("the system's"),
        rate_option(
            "fps",
            "How often a single picture, or a stream that ends, is asked for; of a stream, how "
            "many pictures per second are passed on.",
            options.rate)
            .unless_set("1, and all of a stream"),
        seconds_option("timeout", "How long the server may be silent.", 100ms, 1h, options.silence),
    };
}

}  // namespace

RelaySettings relay::parse_options(const camera::DriverOptions& options) {
    RelaySettings result;
    take_url(options.source, result);
    result.allow_truncated = options.allow_truncated;
    camera::read_options("relay", rows(result), options);
    if (!result.token_file.empty() && !result.user.empty())
        throw DriverOptionError("relay: give either token_file or a user, not both");
    if (!result.password_file.empty() && result.user.empty())
        throw DriverOptionError("relay: password_file needs user=NAME");
    if (!result.ca_file.empty() && !result.is_https())
        throw DriverOptionError("relay: ca=FILE only means something with an https:// source");
    return result;
}

std::vector<camera::OptionDescription> relay::option_descriptions() {
    RelaySettings defaults;
    return camera::descriptions(rows(defaults));
}

}  // namespace onlooker::drivers
