// Which other origins' pages may show and read answers: scripts that read them
// (https://fetch.spec.whatwg.org/#http-cors-protocol), an <img> that shows them (its
// Cross-Origin-Resource-Policy), and frames around them (frame-ancestors).
//
// An <img> tells its page by the Referer field alone; a page that hides it (Referrer-Policy:
// no-referrer) is shown pictures only where every origin is allowed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "http/message/request.hpp"
#include "http/message/response.hpp"

namespace onlooker::http {

struct Cors {
    // "http://host:port" each, or "*" for every origin. None: no other origin.
    std::vector<std::string> origins;

    bool allows(std::string_view origin) const noexcept;

    // Adds what an answer to `request` must say, errors included.
    void decorate(const Request& request, Response& response) const;

    // Adds what an answer to OPTIONS says to a browser that asks before it sends the request.
    void answer_preflight(const Request& request, std::string_view methods,
                          Response& response) const;

  private:
    bool allows_every_origin() const noexcept;
    std::string frame_ancestors() const;
};

}  // namespace onlooker::http
