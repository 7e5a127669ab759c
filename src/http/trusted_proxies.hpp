// Proxies that are believed what they say of a request: whose it is, whether it came by HTTPS, and
// what of its path they have taken away. Of everybody else these fields are worth nothing, for
// anybody can send them.
//
// X-Forwarded-For names the client last, behind what that client claimed itself; of a chain of
// proxies each is skipped that is trusted. X-Ingress-Path is Home Assistant's word for the prefix.
//
// Owner: Router. Thread: the loop.
#pragma once

#include <asio/ip/network_v4.hpp>
#include <asio/ip/network_v6.hpp>

#include <string>
#include <string_view>
#include <vector>

#include "http/message/request.hpp"

namespace onlooker::http {

class TrustedProxies {
  public:
    TrustedProxies() = default;  // none
    // "192.0.2.7", "192.0.2.0/24", "fd00::/8". Throws std::invalid_argument that says which is not.
    explicit TrustedProxies(const std::vector<std::string>& networks);

    // Takes over what a trusted proxy says of `request`; nothing if it came from elsewhere.
    void believe(Request& request) const;

  private:
    bool trusts(const asio::ip::address& who) const;
    void believe_client(Request& request) const;

    std::vector<asio::ip::network_v4> v4_;
    std::vector<asio::ip::network_v6> v6_;
};

}  // namespace onlooker::http
