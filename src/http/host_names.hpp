// By which names requests may call this server. A page of attacker.example that lets this name
// point at our address (DNS rebinding) is of our origin, for the browser, and may read everything;
// only the Host field tells. It is compared before anything else is done.
//
// Accepted are, whatever the port, which forwarding changes:
// - addresses, and what ends in a number: a browser looks neither up.
// - localhost and what ends in .localhost, which browsers do not look up either (RFC 6761, 6.3).
// - names without a dot, such as those of Docker's services: rebinding needs a name of the public
//   DNS, and those have a dot; one without is looked up in the local network only.
// - the names of this machine, and those that the user allows.
// - no name at all. HTTP/1.0 needs none, as mjpg-streamer's input_http; a browser always sends one.
//
// X-Forwarded-Host and its like count for nothing: a page can send them.
//
// Thread: the loop.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/limited_log.hpp"
#include "base/told_once.hpp"
#include "http/message/request.hpp"
#include "http/message/response.hpp"

namespace onlooker::http {

class HostNames {
  public:
    HostNames() : HostNames({"*"}) {}  // every name
    // Each in lower case: "cam.example.org", "*.example.org" for all below it, or "*".
    explicit HostNames(std::vector<std::string> names) : names_(std::move(names)) {}

    // `authority`: a Host field whose syntax is right.
    bool accept(std::string_view authority) const noexcept;

    // 421 to a request that calls this server by another name (RFC 9110, section 15.5.20), told in
    // the log once for each name.
    std::optional<Response> refuse(const Request& request) const;

  private:
    std::vector<std::string> names_;
    mutable ToldOnce told_;
    mutable LimitedLog log_;
};

}  // namespace onlooker::http
