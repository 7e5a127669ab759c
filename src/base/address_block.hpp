// Whom an address stands for where clients are counted: IPv6 by its /64, which is what one customer
// gets; IPv4 by itself, also inside IPv6. Pure; any thread.
#pragma once

#include <asio/ip/address.hpp>

#include <string>

namespace onlooker {

// A key for tables, not for people.
std::string address_block(const asio::ip::address& address);

}  // namespace onlooker
