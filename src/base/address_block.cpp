#include "base/address_block.hpp"

#include <asio/ip/address_v6.hpp>

namespace onlooker {

std::string address_block(const asio::ip::address& address) {
    if (address.is_v4())
        return address.to_string();
    const auto v6 = address.to_v6();
    if (v6.is_v4_mapped())
        return asio::ip::make_address_v4(asio::ip::v4_mapped, v6).to_string();
    const auto bytes = v6.to_bytes();
    return {reinterpret_cast<const char*>(bytes.data()), 8};
}

}  // namespace onlooker
