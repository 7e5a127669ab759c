#include "relay/relay_errors.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "relay/forbidden_address.hpp"

using onlooker::camera::ErrorKind;
using onlooker::drivers::relay_error;

namespace {

struct Told {
    ErrorKind kind;
    std::string words;
};

Told told(CURLcode code, long status = 0, std::string_view forbidden = {}) {
    const auto error = relay_error({.code = code,
                                    .status = status,
                                    .shown = "http://far/",
                                    .details = "its {0}\nwords",
                                    .forbidden = forbidden});
    return {error.kind(), error.what()};
}

}  // namespace

TEST_SUITE("relay errors") {
    TEST_CASE("each code has its kind, and words that name the URL") {
        CHECK(told(CURLE_COULDNT_RESOLVE_HOST).words ==
              "the host of http://far/ has no address: is its name right?");
        CHECK(told(CURLE_OPERATION_TIMEDOUT).kind == ErrorKind::not_found);
        CHECK(told(CURLE_PEER_FAILED_VERIFICATION).kind == ErrorKind::no_permission);
        CHECK(told(CURLE_SSL_ISSUER_ERROR).kind == ErrorKind::no_permission);
        for (const CURLcode code : {CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_PARTIAL_FILE}) {
            CHECK(told(code).kind == ErrorKind::failed);
            CHECK(told(code).words == "http://far/ broke the connection off");
        }
    }

    TEST_CASE("libcurl's own words are escaped, and are no pattern") {
        CHECK(told(CURLE_COULDNT_CONNECT).words ==
              "nobody answers at http://far/ (its {0}\\x0awords)");
        CHECK(told(CURLE_FAILED_INIT).words == "http://far/ cannot be read: its {0}\\x0awords");
        CHECK(told(CURLE_GOT_NOTHING).words == "http://far/ closes without an answer");
    }

    TEST_CASE("what OpenSSL refuses as weak or old is told with what to do") {
        const auto words = [](CURLcode code, std::string_view details) {
            return std::string(
                relay_error(
                    {.code = code, .shown = "https://far/", .details = details, .forbidden = {}})
                    .what());
        };
        const std::string weak = words(CURLE_PEER_FAILED_VERIFICATION,
                                       "SSL certificate problem: EE certificate key too weak");
        CHECK(weak.find("a key of 2048 bits, or save this one in a file and give it as ca=FILE") !=
              std::string::npos);
        CHECK(words(CURLE_SSL_CONNECT_ERROR, "SSL routines::ee key too small").find("2048 bits") !=
              std::string::npos);
        for (const char* details :
             {"SSL routines::unsupported protocol", "SSL routines::legacy sigalg disallowed",
              "SSL routines::tlsv1 alert protocol version", "SSL routines::dh key too small"})
            CHECK(words(CURLE_SSL_CONNECT_ERROR, details).ends_with("give its http:// URL"));
        CHECK(words(CURLE_SSL_CONNECT_ERROR, "SSL routines::wrong version number")
                  .ends_with("is it an http:// URL?"));
        // A library's words that never end leave room for ours.
        CHECK(words(CURLE_PEER_FAILED_VERIFICATION, std::string(5000, 'x')).size() < 400);
    }

    TEST_CASE("a code that means two things is told by the rest") {
        CHECK(told(CURLE_COULDNT_CONNECT, 0, "this server itself").words ==
              "http://far/ is refused: this server itself");
        CHECK(told(CURLE_UNSUPPORTED_PROTOCOL, 302).words.find("redirects to a scheme") !=
              std::string::npos);
        CHECK(told(CURLE_UNSUPPORTED_PROTOCOL).words.find("does not answer in HTTP") !=
              std::string::npos);
        CHECK(told(CURLE_OUT_OF_MEMORY).words.find("answers with an endless head") !=
              std::string::npos);
        CHECK(told(CURLE_HTTP_RETURNED_ERROR, 404).kind == ErrorKind::not_found);
        CHECK(told(CURLE_HTTP_RETURNED_ERROR, 503).kind == ErrorKind::busy);
    }

    TEST_CASE("the sandbox of a service is told apart from a camera that is away") {
        const auto error = relay_error({.code = CURLE_COULDNT_CONNECT,
                                        .shown = "http://cam/stream",
                                        .details = {},
                                        .forbidden = {},
                                        .may_connect = false});
        CHECK(error.kind() == onlooker::camera::ErrorKind::no_permission);
        CHECK(std::string_view(error.what()).find("SystemCallFilter=connect") !=
              std::string_view::npos);
        CHECK(onlooker::drivers::may_connect());
    }
}
