#include "relay/relay_options.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include <memory>
#include <string_view>

#include "base/text.hpp"

namespace onlooker::drivers {

namespace {

using camera::DriverOptionError;

struct UrlDeleter {
    void operator()(CURLU* url) const noexcept { curl_url_cleanup(url); }
};
using Url = std::unique_ptr<CURLU, UrlDeleter>;

std::string part_of(CURLU* url, CURLUPart part, unsigned flags = 0) {
    char* text = nullptr;
    if (curl_url_get(url, part, &text, flags) != CURLUE_OK)
        return {};
    const std::unique_ptr<char, decltype(&curl_free)> owner(text, &curl_free);
    return text;
}

// The source is not repeated in what is thrown here: it may hold a password.
void take_url(const std::string& source, RelayOptions& options) {
    const Url url(curl_url());
    if (!url || curl_url_set(url.get(), CURLUPART_URL, source.c_str(), 0) != CURLUE_OK ||
        !(source.starts_with("http://") || source.starts_with("https://")))
        throw DriverOptionError(
            "relay: the source must be the URL of a stream or a picture, "
            "http://HOST[:PORT]/PATH or https://...");
    options.user = part_of(url.get(), CURLUPART_USER, CURLU_URLDECODE);
    options.password = part_of(url.get(), CURLUPART_PASSWORD, CURLU_URLDECODE);
    for (const CURLUPart part : {CURLUPART_USER, CURLUPART_PASSWORD, CURLUPART_FRAGMENT})
        curl_url_set(url.get(), part, nullptr, 0);
    options.url = part_of(url.get(), CURLUPART_URL);
    const bool has_query = !part_of(url.get(), CURLUPART_QUERY).empty();
    curl_url_set(url.get(), CURLUPART_QUERY, nullptr, 0);
    options.shown = escaped(part_of(url.get(), CURLUPART_URL)) + (has_query ? "?..." : "");
}

double parse_within(const std::string& key, const std::string& text, double least, double most) {
    const auto value = parse_number<double>(text);
    if (!value || !(*value >= least && *value <= most))
        throw DriverOptionError(fmt::format("relay: {} must be a number from {} to {}, not \"{}\"",
                                            key, least, most, escaped(text)));
    return *value;
}

void take_value(const std::string& key, const std::string& value, RelayOptions& options) {
    if (key == "user") {
        options.user = value;
    } else if (key == "password_file") {
        options.password_file = value;
    } else if (key == "token_file") {
        options.token_file = value;
    } else if (key == "ca") {
        options.ca_file = value;
    } else if (key == "fps") {
        options.rate = parse_within(key, value, 0.001, 1000);
    } else if (key == "timeout") {
        options.silence =
            std::chrono::milliseconds(static_cast<int>(1000 * parse_within(key, value, 0.1, 3600)));
    } else {
        throw DriverOptionError(fmt::format(
            "relay: there is no option \"{}\"; there are user, password_file, token_file, ca, fps "
            "and timeout",
            escaped(key)));
    }
}

}  // namespace

RelayOptions parse_relay_options(const camera::DriverOptions& options) {
    RelayOptions result;
    take_url(options.source, result);
    for (const auto& [key, value] : options.values)
        take_value(key, value, result);
    if (!result.token_file.empty() && !result.user.empty())
        throw DriverOptionError("relay: give either token_file or a user, not both");
    if (!result.password_file.empty() && result.user.empty())
        throw DriverOptionError("relay: password_file needs user=NAME");
    if (!result.ca_file.empty() && !result.is_https())
        throw DriverOptionError("relay: ca=FILE only means something with an https:// source");
    return result;
}

}  // namespace onlooker::drivers
