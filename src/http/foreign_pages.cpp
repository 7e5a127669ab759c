#include "http/foreign_pages.hpp"

#include <fmt/format.h>

#include <string>

#include "base/text.hpp"
#include "http/message/authority.hpp"

namespace onlooker::http {

namespace {

constexpr std::size_t shown_octets = 120;

// A page that a person goes to, not one that a browser fetches in advance (Sec-Purpose) or shows in
// a frame.
bool is_visit(const Request& request) noexcept {
    return (request.method == Method::get || request.method == Method::head) &&
           request.header("Sec-Fetch-Mode") == "navigate" &&
           request.header("Sec-Fetch-Dest") == "document" && request.header("Sec-Purpose").empty();
}

// The option that lets this page look. One without an origin of its own, such as a file, and one
// that hides it cannot be named.
std::string option_for(std::string_view page) {
    return authority_of(page).empty() ? "--allow-origin \"*\""
                                      : "--allow-origin " + escaped(page, shown_octets);
}

std::string words_for(std::string_view page) {
    return authority_of(page).empty() ? "that does not say where it is from"
                                      : "of " + escaped(page, shown_octets);
}

}  // namespace

// Over plain HTTP in a local network a browser sends no Sec-Fetch-Site, but an Origin with
// everything that may change something.
bool may_change(const Request& request) noexcept {
    const std::string_view site = request.header("Sec-Fetch-Site");
    if (!site.empty())
        return site == "same-origin" || site == "none";
    const std::string_view origin = request.header("Origin");
    return origin.empty() || is_of_same_authority(origin, request);
}

std::optional<Response> ForeignPages::refuse(const Cors& cors, const Request& request,
                                             bool changes) const {
    const std::string_view site = request.header("Sec-Fetch-Site");
    const bool same_site = site == "same-site";
    const std::string_view page = page_of(request);
    if (changes && !may_change(request))
        return Response::error(403, "Only a page of this server itself may do this.");
    if (!same_site && site != "cross-site") {
        if (site.empty())
            tell_hidden(cors, request);
        return std::nullopt;
    }
    // Of a page of the same site that hides where it is the browser finds out by itself.
    const bool unknown = same_site && page.empty() && cors.same_host;
    if (unknown || cors.allows_every_origin() || cors.allows(page, request) || is_visit(request))
        return std::nullopt;
    tell_refused(page);
    return Response::error(403,
                           fmt::format("A page {} may not show or read this. Whoever runs this "
                                       "server can allow it: {}",
                                       words_for(page), option_for(page)));
}

void ForeignPages::tell_refused(std::string_view page) const {
    if (told_.is_new(page))
        log_.write(spdlog::level::warn,
                   "a page {} wanted to show or read a picture and was refused; to allow it: {}",
                   words_for(page), option_for(page));
}

// No Sec-Fetch-Site: the answer goes out, and the browser hides it from the page. Only an <img> is
// told by its Referer, since a link that is followed has one too; and a proxy may show both at one
// address without our knowing.
void ForeignPages::tell_hidden(const Cors& cors, const Request& request) const {
    const std::string_view page = page_of(request);
    if (page.empty() || cors.allows(page, request) || is_of_same_authority(page, request))
        return;
    if (!request.header("Origin").empty())
        return tell_refused(page);
    if (request.header("Accept").starts_with("image/") && told_.is_new(page))
        log_.write(spdlog::level::info,
                   "a page {} shows a picture; a browser hides it unless a proxy shows both at one "
                   "address, or with {}",
                   words_for(page), option_for(page));
}

}  // namespace onlooker::http
