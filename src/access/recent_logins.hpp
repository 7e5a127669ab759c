// Remembers Basic logins that were verified, so that a program that polls does not cost a password
// hash each time. Kept is an HMAC of name and password, under a key that this process drew.
//
// Owner: whoever owns the logins. Thread: the loop. Times are the caller's: SteadyClock::now().
#pragma once

#include <array>
#include <chrono>
#include <cstddef>

#include "access/credentials.hpp"
#include "access/crypto.hpp"
#include "base/clock.hpp"

namespace onlooker::access {

class RecentLogins {
  public:
    static constexpr std::chrono::seconds life{60};

    RecentLogins();

    bool has(const BasicLogin& login, SteadyTime now) const;
    void add(const BasicLogin& login, SteadyTime now);  // the oldest goes
    // Whenever users have changed.
    void clear() noexcept;

    // Of two logins that differ it differs, too.
    Digest digest_of(const BasicLogin& login) const;

  private:
    struct Entry {
        Digest digest{};
        SteadyTime until{};
    };

    Digest key_;
    std::array<Entry, 64> entries_{};
    std::size_t next_ = 0;
};

}  // namespace onlooker::access
