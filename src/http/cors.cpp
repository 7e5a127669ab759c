#include "http/cors.hpp"

#include <algorithm>
#include <cstddef>

namespace onlooker::http {

namespace {

// The origin of the page that embeds something: an <img> of another origin sends no Origin field,
// but a Referer.
std::string_view embedding_origin(const Request& request) noexcept {
    const std::string_view referrer = request.header("Referer");
    const auto scheme = referrer.find("://");
    if (scheme == std::string_view::npos)
        return {};
    return referrer.substr(0, referrer.find('/', scheme + 3));
}

}  // namespace

bool Cors::allows_every_origin() const noexcept {
    return std::ranges::find(origins, "*") != origins.end();
}

bool Cors::allows(std::string_view origin) const noexcept {
    return !origin.empty() &&
           (allows_every_origin() || std::ranges::find(origins, origin) != origins.end());
}

std::string Cors::frame_ancestors() const {
    if (allows_every_origin())
        return "*";
    std::string list = "'self'";
    for (const std::string& origin : origins)
        list.append(" ").append(origin);
    return list;
}

void Cors::decorate(const Request& request, Response& response) const {
    if (origins.empty())
        return;
    // The browser itself compares, so it is said to all.
    response.frame_ancestors = frame_ancestors();
    const std::string_view origin = request.header("Origin");
    if (allows(origin)) {
        response.replace("Access-Control-Allow-Origin",
                         allows_every_origin() ? "*" : std::string(origin));
        response.replace("Access-Control-Expose-Headers", "*");
    }
    if (!allows_every_origin())
        response.add_to_list("Vary", "Origin");
    if (allows_every_origin() || allows(origin) || allows(embedding_origin(request)))
        response.replace("Cross-Origin-Resource-Policy", "cross-origin");
}

void Cors::answer_preflight(const Request& request, std::string_view methods,
                            Response& response) const {
    if (!allows(request.header("Origin")) ||
        request.header("Access-Control-Request-Method").empty())
        return;
    response.with("Access-Control-Allow-Methods", std::string(methods));
    response.with("Access-Control-Allow-Headers", "Authorization, Cache-Control, Content-Type");
    response.with("Access-Control-Max-Age", "600");
}

}  // namespace onlooker::http
