#include "relay/relay_errors.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace onlooker::drivers {

namespace {

using camera::CameraError;
using camera::ErrorKind;

CameraError certificate_error(const Failure& failure) {
    return {ErrorKind::no_permission,
            fmt::format("the certificate of {} is not trusted ({}); where it signs its own, give "
                        "that certificate as ca=FILE",
                        failure.shown, escaped(failure.details))};
}

}  // namespace

CameraError status_error(long status, std::string_view shown) {
    switch (status) {
        case 401:
        case 407:
            return {ErrorKind::no_permission,
                    fmt::format("{} wants a login or refuses the one it got (status {}); see user, "
                                "password_file and token_file",
                                shown, status)};
        case 403:
            return {ErrorKind::no_permission,
                    fmt::format("{} is there, but not for us (status 403)", shown)};
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
    const std::string_view shown = failure.shown;
    if (failure.code == CURLE_COULDNT_CONNECT && !failure.forbidden.empty())
        return {ErrorKind::failed, fmt::format("{} is refused: {}", shown, failure.forbidden)};
    switch (failure.code) {
        case CURLE_HTTP_RETURNED_ERROR:
            return status_error(failure.status, shown);
        case CURLE_COULDNT_RESOLVE_HOST:
            return {ErrorKind::not_found,
                    fmt::format("the host of {} has no address: is its name right?", shown)};
        case CURLE_COULDNT_CONNECT:
            return {ErrorKind::not_found,
                    fmt::format("nobody answers at {} ({})", shown, escaped(failure.details))};
        case CURLE_OPERATION_TIMEDOUT:
            return {ErrorKind::not_found,
                    fmt::format("{} does not answer in time: is it switched on?", shown)};
        case CURLE_PEER_FAILED_VERIFICATION:
        case CURLE_SSL_ISSUER_ERROR:
            return certificate_error(failure);
        case CURLE_SSL_CACERT_BADFILE:
            return {
                ErrorKind::no_permission,
                fmt::format("the certificates to trust for {} cannot be read; see ca=FILE", shown)};
        case CURLE_TOO_MANY_REDIRECTS:
            return {ErrorKind::failed,
                    fmt::format("{} redirects more than 3 times: give its last URL", shown)};
        case CURLE_UNSUPPORTED_PROTOCOL:
            if (failure.status / 100 != 3)  // what came is no HTTP
                break;
            return {ErrorKind::failed,
                    fmt::format("{} redirects to a scheme that is not allowed (only http and "
                                "https, and from https only https)",
                                shown)};
        case CURLE_GOT_NOTHING:
            return {ErrorKind::failed, fmt::format("{} closes without an answer", shown)};
        case CURLE_RECV_ERROR:
        case CURLE_SEND_ERROR:
        case CURLE_PARTIAL_FILE:
            return {ErrorKind::unplugged, fmt::format("{} broke the connection off", shown)};
        default:
            break;
    }
    return {ErrorKind::failed,
            fmt::format("{} cannot be read: {}", shown,
                        escaped(failure.details.empty() ? curl_easy_strerror(failure.code)
                                                        : failure.details))};
}

}  // namespace onlooker::drivers
