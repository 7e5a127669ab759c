// Whom a relay does not connect to. Addresses, whatever name or redirect led there:
//
//   - link-local ones, 169.254/16 and fe80::/10: there live the metadata services of clouds, and no
//     camera that anybody would write by hand;
//   - this program's own listening sockets: it would watch itself.
#pragma once

#include <sys/socket.h>

#include <string>
#include <string_view>

namespace onlooker::drivers {

// Why not, in words that complete "... is refused: "; empty: it may be connected to.
std::string why_forbidden(const sockaddr* address);

// The same for the host of a URL, as far as it is an address and no name.
std::string why_forbidden(std::string_view host);

// Whether this process may connect to anybody: the unit of the service leaves connect() out of what
// it may call, and then nothing is found either, for name servers are asked by it.
bool may_connect();

}  // namespace onlooker::drivers
