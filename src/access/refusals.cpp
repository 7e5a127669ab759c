#include "access/refusals.hpp"

#include <fmt/format.h>

#include <string_view>

namespace onlooker::access {

using http::Method;
using http::Request;
using http::Response;

namespace {

// RFC 7617, section 2.1: names and passwords in UTF-8.
constexpr const char* challenge = R"(Basic realm="onlooker", charset="UTF-8")";

Response challenged(const Request& request, std::string_view sentence) {
    Response response = Response::error(401, sentence);
    if (!is_browser(request))
        response.with("WWW-Authenticate", challenge);
    return response;
}

}  // namespace

bool is_browser(const Request& request) noexcept {
    return !request.header("Sec-Fetch-Mode").empty() ||
           request.header("User-Agent").starts_with("Mozilla/");
}

bool is_visit(const Request& request) noexcept {
    if (request.method != Method::get && request.method != Method::head)
        return false;
    if (const std::string_view mode = request.header("Sec-Fetch-Mode"); !mode.empty()) {
        const std::string_view place = request.header("Sec-Fetch-Dest");
        const bool framed_by_us =
            place == "iframe" && request.header("Sec-Fetch-Site") == "same-origin";
        return mode == "navigate" && (place == "document" || framed_by_us);
    }
    return is_browser(request) &&
           request.header("Accept").find("text/html") != std::string_view::npos;
}

Response ask_to_log_in(const Request& request, const LoginPage& page) {
    if (page && is_visit(request))
        return page(request);
    return challenged(request,
                      "This needs a login: a name and password (Basic), a token (Bearer), or the "
                      "page / in a browser.");
}

Response refuse_login(const Request& request) {
    return challenged(request, "The name or the password is wrong.");
}

Response refuse_attempt(std::chrono::seconds wait) {
    return Response::error(429, fmt::format("There were too many wrong passwords; the next may be "
                                            "tried in {} s.",
                                            wait.count()))
        .with("Retry-After", std::to_string(wait.count()));
}

Response refuse_unprotected() {
    return Response::error(403,
                           "This server takes passwords and tokens over HTTPS only: begin the "
                           "address with https://");
}

}  // namespace onlooker::access
