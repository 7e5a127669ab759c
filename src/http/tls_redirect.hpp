// What a port without TLS answers where everybody is to use the one with it.
//
// Pure. Thread: any.
#pragma once

#include <cstdint>

#include "http/message/request.hpp"
#include "http/message/response.hpp"

namespace onlooker::http {

// 308, which keeps method and body, to the same address over HTTPS at `port`. A request that does
// not say by which name it calls us is told in words instead.
Response redirect_to_tls(const Request& request, std::uint16_t port);

}  // namespace onlooker::http
