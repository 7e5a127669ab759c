// Opens the sockets a server listens on. Thread: the loop, or before it runs.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/awaitable.hpp"

namespace onlooker::http {

// Listens on every address that `host` (an IP literal or a name, resolved now) stands for, on one
// port; port 0 means any that is free on all of them. "localhost" is 127.0.0.1 and ::1 whatever the
// resolver says (RFC 6761, section 6.3), since clients differ in which of them they try; "::" takes
// IPv4 too. An address that the machine does not have is left out while there is another. Throws
// std::runtime_error that says which address failed, why and what to do, if none of them, or not
// the port on each, can be had.
std::vector<TcpAcceptor> listen_on(const Executor& executor, const std::string& host,
                                   std::uint16_t port);

}  // namespace onlooker::http
