// What a request brings to show who sends it: an Authorization field, a cookie, or both.
//
// Nothing is checked here but the form. Whether a cookie and a field agree shows only when both
// were looked up: where they name different users, the gate is to refuse the request.
//
// Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "access/secret.hpp"
#include "http/message/request.hpp"

namespace onlooker::access {

struct BasicLogin {
    std::string name;  // is_user_name()
    Secret password;   // 1 to longest_password octets, no NUL
};

struct Credentials {
    enum class Fault : std::uint8_t {
        none,
        malformed,  // a scheme or a value that nothing here reads: 401, as if it were wrong
        conflict,   // more than one Authorization field, or two session cookies that differ: 400
    };
    Fault fault = Fault::none;  // if there is one, nothing below is set
    std::optional<BasicLogin> basic;
    std::optional<Secret> token;
    std::optional<std::string> session;  // the value of the cookie

    bool empty() const noexcept { return fault == Fault::none && !basic && !token && !session; }
};

// `cookie` is session_cookie_name().
Credentials read_credentials(const http::Request& request, std::string_view cookie);

// "onlooker_5000"; over TLS "__Host-onlooker_5000", which only this very host can set. All ports of
// a host share their cookies (RFC 6265, 8.5), so the port belongs to the name.
std::string session_cookie_name(std::uint16_t port, bool secure);

// The value of Set-Cookie that begins a session in the browser, and the one that ends it.
std::string set_session_cookie(std::string_view name, std::string_view id, bool secure);
std::string clear_session_cookie(std::string_view name, bool secure);

}  // namespace onlooker::access
