#include "http/wire/address_limit.hpp"

#include "base/address_block.hpp"

namespace onlooker::http {

AddressLimit::Seat::~Seat() {
    if (counts_ && --place_->second == 0)
        counts_->erase(counts_->find(place_->first));
}

std::optional<AddressLimit::Seat> AddressLimit::reserve(const asio::ip::address& address) {
    if (most_ == 0)
        return Seat();
    Counts::value_type& place = *counts_.try_emplace(address_block(address), 0).first;
    if (place.second >= most_)
        return std::nullopt;
    ++place.second;
    return Seat(counts_, place);
}

}  // namespace onlooker::http
