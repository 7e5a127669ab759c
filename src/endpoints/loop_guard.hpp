// Servers that relay each other's pictures must not do so in a circle.
//
// Every relay names itself in the Via field of what it asks (RFC 9110, section 7.6.3), behind those
// who watch through it. A request that has already been here, or through too many relays, is
// answered with 508.
//
// Thread: any; pure but for this process's own name.
#pragma once

#include <optional>
#include <string>

#include "http/message/request.hpp"
#include "http/message/response.hpp"

namespace onlooker::endpoints {

// All Via fields of a request as one; what nobody sends in good faith (more than 1 KiB, or octets
// outside printable ASCII) counts as none.
std::string via_of(const http::Request& request);

// The refusal, if `via` is that of a loop or of a chain of five relays.
std::optional<http::Response> refuse_loop(const std::string& via);

}  // namespace onlooker::endpoints
