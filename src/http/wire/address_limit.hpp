// How many connections each address has, when that is limited. Owner: Server. Thread: the loop.
#pragma once

#include <asio/ip/address.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

namespace onlooker::http {

class AddressLimit {
    using Counts = std::unordered_map<std::string, std::size_t>;

  public:
    // What counts as a connection for as long as it lives. Empty, it counts as nothing.
    class Seat {
      public:
        Seat() noexcept = default;
        Seat(Seat&& other) noexcept
            : counts_(std::exchange(other.counts_, nullptr)), place_(other.place_) {}
        Seat& operator=(Seat other) noexcept {
            std::swap(counts_, other.counts_);
            std::swap(place_, other.place_);
            return *this;
        }
        ~Seat();

      private:
        friend class AddressLimit;
        Seat(Counts& counts, Counts::value_type& place) noexcept
            : counts_(&counts), place_(&place) {}

        Counts* counts_ = nullptr;
        Counts::value_type* place_ = nullptr;
    };

    // At a time from one address (IPv6: from one /64, which is what one customer gets). 0: no
    // limit. Outlives its seats.
    explicit AddressLimit(std::size_t most) noexcept : most_(most) {}

    // For those that come from now on.
    void allow(std::size_t most) noexcept { most_ = most; }

    // Nothing when the address has as many as it may.
    std::optional<Seat> reserve(const asio::ip::address& address);

  private:
    std::size_t most_;
    Counts counts_;
};

}  // namespace onlooker::http
