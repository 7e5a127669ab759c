#include "relay/relay_errors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace onlooker::drivers {

namespace {

using camera::CameraError;
using camera::ErrorKind;
using camera::Retry;

// What the codes of libcurl mean to the user. {0} is the URL, {1} are libcurl's own words.
struct Meaning {
    CURLcode code;
    ErrorKind kind;
    std::string_view words;
};

constexpr std::string_view untrusted =
    "the certificate of {0} is not trusted ({1}); where it signs its own, give that certificate as "
    "ca=FILE";
constexpr std::string_view broken_off = "{0} broke the connection off";

constexpr std::array meanings{
    Meaning{CURLE_COULDNT_RESOLVE_HOST, ErrorKind::not_found,
            "the host of {0} has no address: is its name right?"},
    Meaning{CURLE_COULDNT_CONNECT, ErrorKind::not_found, "nobody answers at {0} ({1})"},
    Meaning{CURLE_OPERATION_TIMEDOUT, ErrorKind::not_found,
            "{0} does not answer in time: is it switched on?"},
    Meaning{CURLE_PEER_FAILED_VERIFICATION, ErrorKind::no_permission, untrusted},
    Meaning{CURLE_SSL_ISSUER_ERROR, ErrorKind::no_permission, untrusted},
    Meaning{CURLE_SSL_CACERT_BADFILE, ErrorKind::no_permission,
            "the certificates to trust for {0} cannot be read; see ca=FILE"},
    Meaning{CURLE_TOO_MANY_REDIRECTS, ErrorKind::failed,
            "{0} redirects more than 3 times: give its last URL"},
    Meaning{CURLE_UNSUPPORTED_PROTOCOL, ErrorKind::failed,
            "{0} redirects to a scheme that is not allowed (only http and https, and from https "
            "only https)"},
    Meaning{CURLE_GOT_NOTHING, ErrorKind::failed, "{0} closes without an answer"},
    // Not unplugged: a connection can break while the camera is well.
    Meaning{CURLE_RECV_ERROR, ErrorKind::failed, broken_off},
    Meaning{CURLE_SEND_ERROR, ErrorKind::failed, broken_off},
    Meaning{CURLE_PARTIAL_FILE, ErrorKind::failed, broken_off},
};

constexpr Meaning other{CURLE_OK, ErrorKind::failed, "{0} cannot be read: {1}"};

const Meaning& meaning_of(const Failure& failure) {
    // The same code says that what came is no HTTP; then it was no redirect.
    if (failure.code == CURLE_UNSUPPORTED_PROTOCOL && failure.status / 100 != 3)
        return other;
    const auto found = std::ranges::find(meanings, failure.code, &Meaning::code);
    return found == meanings.end() ? other : *found;
}

}  // namespace

CameraError status_error(long status, std::string_view shown) {
    switch (status) {
        case 401:
        case 407:
            return {ErrorKind::no_permission,
                    fmt::format("{} wants a login or refuses the one it got (status {}); see user, "
                                "password_file and token_file",
                                shown, status),
                    Retry::locks_out};
        case 403:
            return {ErrorKind::no_permission,
                    fmt::format("{} is there, but not for us (status 403); a camera that was given "
                                "wrong passwords may say so for a while",
                                shown),
                    Retry::locks_out};
        case 404:
        case 410:
            return {ErrorKind::not_found,
                    fmt::format("the server knows no {} (status {}): is the path right?", shown,
                                status)};
        case 429:
        case 503:
            return {ErrorKind::busy,
                    fmt::format("{} has no room for another viewer, or no camera just now "
                                "(status {})",
                                shown, status)};
        case 508:
            return {ErrorKind::failed,
                    fmt::format("{} gets its pictures from this server: a loop of relays, or more "
                                "of them in a row than are allowed (status 508)",
                                shown)};
        default:
            return {ErrorKind::failed, fmt::format("{} answers with status {}", shown, status)};
    }
}

CameraError relay_error(const Failure& failure) {
    if (failure.code == CURLE_HTTP_RETURNED_ERROR)
        return status_error(failure.status, failure.shown);
    if (failure.code == CURLE_COULDNT_CONNECT && !failure.forbidden.empty())
        return {ErrorKind::failed,
                fmt::format("{} is refused: {}", failure.shown, failure.forbidden)};
    const Meaning& meaning = meaning_of(failure);
    const std::string_view details =
        failure.details.empty() ? curl_easy_strerror(failure.code) : failure.details;
    return {meaning.kind,
            fmt::format(fmt::runtime(meaning.words), failure.shown, escaped(details))};
}

}  // namespace onlooker::drivers
