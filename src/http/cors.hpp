// Which pages may show and read answers: scripts that read them
// (https://fetch.spec.whatwg.org/#http-cors-protocol), an <img> that shows them (its
// Cross-Origin-Resource-Policy), and frames around them (frame-ancestors).
//
// Those of the host by which a request calls this server may, whatever their scheme and port, as
// OctoPrint at :5000 of a camera at :8080; others where the user allows them. Whether that name is
// ours has been found out before (host_names.hpp).
//
// An <img> tells its page by the Referer field alone; a page of another host that hides it
// (Referrer-Policy: no-referrer) is shown pictures only where every origin is allowed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "http/message/request.hpp"
#include "http/message/response.hpp"

namespace onlooker::http {

struct Cors {
    // "http://host:port" each, or "*" for every origin.
    std::vector<std::string> origins;
    // Pages of the same host may, too. If not, and none is allowed: our own pages only.
    bool same_host = true;

    // The page at this origin may show and read the answer to `request`.
    bool allows(std::string_view page, const Request& request) const noexcept;
    bool allows_every_origin() const noexcept;

    // Adds what an answer to `request` must say, errors included.
    void decorate(const Request& request, Response& response) const;

    // Adds what an answer to OPTIONS says to a browser that asks before it sends the request.
    void answer_preflight(const Request& request, std::string_view methods,
                          Response& response) const;

  private:
    bool lists(std::string_view page) const noexcept;
    std::string frame_ancestors(const Request& request) const;
    std::string_view resource_policy(const Request& request) const noexcept;
};

}  // namespace onlooker::http
