// Limits failed logins, by address (IPv6: by /64) and by user name: some at once, then one per
// interval.
//
//     if (const auto wait = attempts.begin(address, name, now)) co_return too_many(*wait);  // 429
//     ... the password is checked ...
//     if (matched) attempts.succeeded(address, name);
//
// An attempt counts from its begin, so that many at a time are no way around the limit; one that
// succeeds is given back. There is no other lock: a session or a token is not asked here.
//
// The tables have a fixed size. When one is full, the entry goes that had the fewest failures.
//
// Owner: whoever owns the logins. Thread: the loop.
#pragma once

#include <asio/ip/address.hpp>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "access/bucket.hpp"
#include "base/clock.hpp"

namespace onlooker::access {

class Attempts {
  public:
    struct Settings {
        unsigned at_once = 5;
        std::chrono::seconds interval{10};
        std::size_t most_entries = 1024;  // of each table
    };

    Attempts() : Attempts(Settings{}) {}
    explicit Attempts(Settings settings);

    // Nothing: go on, and the attempt counts. Otherwise how long to wait, at least a second, and it
    // does not count.
    std::optional<std::chrono::seconds> begin(const asio::ip::address& address,
                                              std::string_view user, SteadyTime now);
    void succeeded(const asio::ip::address& address, std::string_view user);

  private:
    using Table = std::unordered_map<std::string, Bucket>;
    Bucket& bucket(Table& table, const std::string& key) const;

    Bucket::Rate rate_;
    std::size_t most_entries_;
    Table addresses_;
    Table users_;
};

}  // namespace onlooker::access
