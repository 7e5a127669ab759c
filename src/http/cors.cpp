#include "http/cors.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "http/message/authority.hpp"

namespace onlooker::http {

namespace {

// A host that can stand in a policy (https://www.w3.org/TR/CSP3/#grammardef-host-part). In a host
// of a URL a browser allows even ';'; an address in brackets cannot be written there at all.
bool may_be_in_policy(std::string_view host) noexcept {
    return !host.empty() && std::ranges::all_of(host, [](char c) {
        return is_alphanumeric(c) || c == '-' || c == '_' || c == '.';
    });
}

// A page of the same host to whose <img> a browser would not show what is "same-site": Chromium
// knows no site of an address, and none of a name without a dot; and what comes by https is of
// another site than a page at http
// (https://fetch.spec.whatwg.org/#cross-origin-resource-policy-internal-check). What is asked for
// with an Origin is not checked at all.
bool is_beyond_same_site(std::string_view page, const Request& request) noexcept {
    if (!request.header("Origin").empty())
        return false;
    const std::string_view host = host_of(request.header("Host"));
    if (is_address(host) || has_one_label(host))
        return !page.empty() || request.header("Sec-Fetch-Site") == "same-site";
    return request.secure && page.starts_with("http://");
}

}  // namespace

bool Cors::allows_every_origin() const noexcept {
    return std::ranges::find(origins, "*") != origins.end();
}

bool Cors::lists(std::string_view page) const noexcept {
    return std::ranges::find(origins, page) != origins.end();
}

bool Cors::allows(std::string_view page, const Request& request) const noexcept {
    return !page.empty() &&
           (allows_every_origin() || lists(page) || (same_host && is_of_same_host(page, request)));
}

// The browser itself compares, so it is said to all. "http:" means https as well
// (https://www.w3.org/TR/CSP3/#match-schemes).
std::string Cors::frame_ancestors(const Request& request) const {
    if (allows_every_origin())
        return "*";
    std::string list = "'self'";
    const std::string_view host = host_of(request.header("Host"));
    if (same_host && may_be_in_policy(host))
        list.append(" http://").append(host).append(":*");
    for (const std::string& origin : origins)
        list.append(" ").append(origin);
    return list;
}

std::string_view Cors::resource_policy(const Request& request) const noexcept {
    const std::string_view page = page_of(request);
    if (allows_every_origin() || lists(page))
        return "cross-origin";
    if (!same_host || (!page.empty() && !is_of_same_host(page, request)))
        return "same-origin";
    return is_beyond_same_site(page, request) ? "cross-origin" : "same-site";
}

void Cors::decorate(const Request& request, Response& response) const {
    if (origins.empty() && !same_host)
        return;
    response.frame_ancestors = frame_ancestors(request);
    const std::string_view origin = request.header("Origin");
    if (allows(origin, request)) {
        response.replace("Access-Control-Allow-Origin",
                         allows_every_origin() ? "*" : std::string(origin));
        response.replace("Access-Control-Expose-Headers", "*");
    }
    if (!allows_every_origin())
        response.add_to_list("Vary", "Origin");
    response.replace("Cross-Origin-Resource-Policy", std::string(resource_policy(request)));
}

void Cors::answer_preflight(const Request& request, std::string_view methods,
                            Response& response) const {
    if (!allows(request.header("Origin"), request) ||
        request.header("Access-Control-Request-Method").empty())
        return;
    response.with("Access-Control-Allow-Methods", std::string(methods));
    response.with("Access-Control-Allow-Headers", "Authorization, Cache-Control, Content-Type");
    response.with("Access-Control-Max-Age", "600");
}

}  // namespace onlooker::http
