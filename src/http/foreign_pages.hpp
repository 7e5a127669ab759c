// Requests that a page of somewhere else makes a browser send. What comes back such a page could
// not show or read; but the request alone would open a camera and turn its light on. So it is
// refused before anything is opened, where the browser tells: by Sec-Fetch-Site
// (https://www.w3.org/TR/fetch-metadata/), which it sends to https and to loopback addresses. Over
// plain HTTP in a local network it tells nothing that a page could not hide.
//
// A person who follows a link is let through, whatever page it stands on.
//
// The log tells of each page that goes without pictures, once, with the option that would allow it.
//
// Thread: the loop.
#pragma once

#include <optional>
#include <string_view>

#include "base/limited_log.hpp"
#include "base/told_once.hpp"
#include "http/cors.hpp"
#include "http/message/request.hpp"
#include "http/message/response.hpp"

namespace onlooker::http {

// A page of this very server sends it, or a program that is no browser does: it may change
// something.
bool may_change(const Request& request) noexcept;

class ForeignPages {
  public:
    // 403 to a request of a page that may not look. `changes`: the route does more than show
    // something; that is for our own pages alone.
    std::optional<Response> refuse(const Cors& cors, const Request& request, bool changes) const;

  private:
    void tell_refused(std::string_view page) const;
    void tell_hidden(const Cors& cors, const Request& request) const;

    mutable ToldOnce told_;
    mutable LimitedLog log_;
};

}  // namespace onlooker::http
