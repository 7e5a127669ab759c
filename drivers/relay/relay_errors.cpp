#include "relay/relay_errors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <initializer_list>

#include "base/text.hpp"
#include "relay/response_head.hpp"

namespace onlooker::drivers {

namespace {

using camera::CameraError;
using camera::ErrorKind;
using camera::Retry;

constexpr std::size_t longest_details = 100;  // what to do comes behind them

// What the codes of libcurl mean to the user. {0} is the URL, {1} are libcurl's own words.
struct Meaning {
    CURLcode code;
    ErrorKind kind;
    std::string_view words;
};

constexpr std::string_view untrusted =
    "the certificate of {0} is not trusted ({1}); where that is a camera's own, save the "
    "certificate in a file and give its https:// URL with ca=FILE";
constexpr std::string_view outdated =
    "{0} speaks only TLS that is no longer safe ({1}); update its firmware, or in a network that "
    "you "
    "trust give its http:// URL";
constexpr std::string_view weak =
    "the certificate of {0} is too weak for TLS of today ({1}); let the camera make one with a key "
    "of 2048 bits, or save this one in a file and give it as ca=FILE";
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
    Meaning{CURLE_SSL_CIPHER, ErrorKind::failed, outdated},
    Meaning{CURLE_SSL_CONNECT_ERROR, ErrorKind::failed,
            "{0} speaks no TLS that is understood here ({1}); is it an http:// URL?"},
    Meaning{CURLE_BAD_CONTENT_ENCODING, ErrorKind::failed,
            "{0} squeezes its pictures in a way that is not understood ({1}); its Content-Encoding "
            "must be none, gzip or deflate"},
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

constexpr Meaning too_weak{CURLE_PEER_FAILED_VERIFICATION, ErrorKind::no_permission, weak};
constexpr Meaning no_http{CURLE_UNSUPPORTED_PROTOCOL, ErrorKind::failed,
                          "{0} does not answer in HTTP ({1}): is its port right?"};

bool holds_any_of(std::string_view text, std::initializer_list<std::string_view> words) {
    return std::ranges::any_of(
        words, [&](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

// Codes that mean several things are told apart by OpenSSL's words, for there is nothing else.
const Meaning& meaning_of(const Failure& failure) {
    const auto meaning = [](CURLcode code) -> const Meaning& {
        const auto found = std::ranges::find(meanings, code, &Meaning::code);
        return found == meanings.end() ? other : *found;
    };
    // The same code says that what came is no HTTP; then it was no redirect.
    if (failure.code == CURLE_UNSUPPORTED_PROTOCOL && failure.status / 100 != 3)
        return no_http;
    if (failure.code == CURLE_SSL_CONNECT_ERROR &&
        holds_any_of(failure.details, {"unsupported protocol", "protocol version", "legacy sigalg",
                                       "dh key too small", "handshake failure"}))
        return meaning(CURLE_SSL_CIPHER);
    if (holds_any_of(failure.details, {"key too weak", "key too small", "md too weak"}))
        return too_weak;
    return meaning(failure.code);
}

}  // namespace

CameraError endless_head_error(std::string_view shown) {
    return {ErrorKind::failed,
            fmt::format("{} answers with an endless head: it is longer than {} octets, or there "
                        "are more than {} of them",
                        shown, HeadReader::largest_head, HeadReader::most_heads)};
}

CameraError status_error(long status, std::string_view shown) {
    switch (status) {
        case 204:
        case 205:
            return {ErrorKind::no_signal,
                    fmt::format("{} answers, but without a picture (status {})", shown, status)};
        case 304:
            return {ErrorKind::failed,
                    fmt::format("{} says that its picture is unchanged (status 304), but has shown "
                                "none before",
                                shown)};
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
            if (status / 100 == 3)
                return {ErrorKind::failed,
                        fmt::format("{} redirects and does not say where to (status {})", shown,
                                    status)};
            return {ErrorKind::failed, fmt::format("{} answers with status {}", shown, status)};
    }
}

CameraError relay_error(const Failure& failure) {
    if (failure.code == CURLE_HTTP_RETURNED_ERROR)
        return status_error(failure.status, failure.shown);
    if (failure.code == CURLE_COULDNT_CONNECT && !failure.forbidden.empty())
        return {ErrorKind::failed,
                fmt::format("{} is refused: {}", failure.shown, failure.forbidden)};
    if (!failure.may_connect)
        return {
            ErrorKind::no_permission,
            fmt::format("{} cannot be called: the service that onlooker runs in may not connect "
                        "to others. Write SystemCallFilter=connect under [Service] with 'sudo "
                        "systemctl edit onlooker', and restart it",
                        failure.shown)};
    // So libcurl calls a line that is longer than it takes.
    if (failure.code == CURLE_OUT_OF_MEMORY && !failure.has_head)
        return endless_head_error(failure.shown);
    const Meaning& meaning = meaning_of(failure);
    const std::string_view details =
        failure.details.empty() ? curl_easy_strerror(failure.code) : failure.details;
    return {meaning.kind, fmt::format(fmt::runtime(meaning.words), failure.shown,
                                      escaped(details, longest_details))};
}

}  // namespace onlooker::drivers
