#include "relay/relay_settings.hpp"

#include <curl/curl.h>

#include <memory>

#include "base/text.hpp"
#include "camera/driver_options.hpp"

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
void take_url(const std::string& source, RelaySettings& options) {
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
        text_option("ca", "FILE", "PEM certificates to trust, for https.", options.ca_file)
            .unless_set("the system's"),
        rate_option("fps",
                    "How often a single picture is asked for; of a stream, how many pictures per "
                    "second are passed on.",
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
