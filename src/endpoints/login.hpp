// Signing in and out by a page that works without a script, and links that show one camera to
// whoever has them.
//
//     POST /login    user, password, next    303 to `next`, with the cookie of a session
//     POST /logout   everywhere=1            303 to the page; ends one session, or all of the user
//     POST /cameras/NAME/link   seconds=600   JSON: the address to give away
//
// Only a page of this server, or a program that is no browser, may send them.
//
// Thread: the loop.
#pragma once

#include <string_view>

#include "access/gatekeeper.hpp"
#include "endpoints/status.hpp"
#include "http/message/request.hpp"
#include "http/message/response.hpp"
#include "http/router.hpp"

namespace onlooker::endpoints {

// `gatekeeper` and `cameras` outlive the router.
void add_login(http::Router& router, access::Gatekeeper& gatekeeper, const Cameras& cameras);

// What a browser is shown in place of what it asked for: 401, and `refusal` if it is not empty.
http::Response login_response(const http::Request& request, std::string_view refusal = {});

}  // namespace onlooker::endpoints
