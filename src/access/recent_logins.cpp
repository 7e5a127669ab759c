#include "access/recent_logins.hpp"

#include <string>
#include <utility>

namespace onlooker::access {

RecentLogins::RecentLogins() : key_(random_octets()) {}

// No name holds a NUL, so no two logins make the same text.
Digest RecentLogins::digest_of(const BasicLogin& login) const {
    std::string both;
    both.reserve(login.name.size() + 1 + login.password.view().size());
    both += login.name;
    both += '\0';
    both += login.password.view();
    const Secret text(std::move(both));
    return hmac_sha256(key_, text.view());
}

bool RecentLogins::has(const BasicLogin& login, SteadyTime now) const {
    const Digest digest = digest_of(login);
    bool found = false;
    for (const Entry& entry : entries_)
        found |= now < entry.until && equal(entry.digest, digest);
    return found;
}

void RecentLogins::add(const BasicLogin& login, SteadyTime now) {
    entries_[next_] = {.digest = digest_of(login), .until = now + life};
    next_ = (next_ + 1) % entries_.size();
}

void RecentLogins::clear() noexcept {
    entries_.fill({});
}

}  // namespace onlooker::access
