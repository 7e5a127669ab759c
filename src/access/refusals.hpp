// How a refusal looks to whoever gets it: the login for a person whose browser goes to a page, a
// challenge for a program, and plain words for an <img> or a script in a page.
//
// Pure; any thread.
#pragma once

#include <chrono>
#include <functional>

#include "http/message/request.hpp"
#include "http/message/response.hpp"

namespace onlooker::access {

using LoginPage = std::function<http::Response(const http::Request&)>;

// A browser that goes to a page, as far as it tells. Browsers say so (Sec-Fetch-Mode) to https and
// loopback addresses alone; elsewhere by what they accept.
bool is_visit(const http::Request& request) noexcept;

// It would open a window of its own for a challenge, in the middle of a page.
bool is_browser(const http::Request& request) noexcept;

// 401. `page` may be empty.
http::Response ask_to_log_in(const http::Request& request, const LoginPage& page);

// 401 for a name or password that is wrong, whichever it is.
http::Response refuse_login(const http::Request& request);

// 429 with Retry-After.
http::Response refuse_attempt(std::chrono::seconds wait);

// 403: a password or token came over plain HTTP from another machine.
http::Response refuse_unprotected();

}  // namespace onlooker::access
