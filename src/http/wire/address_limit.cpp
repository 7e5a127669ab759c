#include "http/wire/address_limit.hpp"

#include <asio/ip/address_v6.hpp>

namespace onlooker::http {

namespace {

std::string key_of(const asio::ip::address& address) {
    if (address.is_v4())
        return address.to_string();
    const auto v6 = address.to_v6();
    if (v6.is_v4_mapped())
        return asio::ip::make_address_v4(asio::ip::v4_mapped, v6).to_string();
    const auto bytes = v6.to_bytes();
    return {reinterpret_cast<const char*>(bytes.data()), 8};
}

}  // namespace

AddressLimit::Seat::~Seat() {
    if (counts_ && --place_->second == 0)
        counts_->erase(counts_->find(place_->first));
}

std::optional<AddressLimit::Seat> AddressLimit::reserve(const asio::ip::address& address) {
    if (most_ == 0)
        return Seat();
    Counts::value_type& place = *counts_.try_emplace(key_of(address), 0).first;
    if (place.second >= most_)
        return std::nullopt;
    ++place.second;
    return Seat(counts_, place);
}

}  // namespace onlooker::http
