#include "access/attempts.hpp"

#include <algorithm>

#include "access/names.hpp"
#include "base/address_block.hpp"

namespace onlooker::access {

namespace {

// What is longer is nobody's name.
std::string key_of(std::string_view user) {
    return std::string(user.substr(0, longest_user_name));
}

}  // namespace

Attempts::Attempts(Settings settings)
    : rate_{.at_once = settings.at_once, .interval = settings.interval},
      most_entries_(settings.most_entries) {}

Bucket& Attempts::bucket(Table& table, const std::string& key) const {
    if (const auto found = table.find(key); found != table.end())
        return found->second;
    if (table.size() >= most_entries_)
        table.erase(std::ranges::min_element(
            table, {}, [](const Table::value_type& entry) { return entry.second.full_at(); }));
    return table[key];
}

std::optional<std::chrono::seconds> Attempts::begin(const asio::ip::address& address,
                                                    std::string_view user, SteadyTime now) {
    Bucket& of_address = bucket(addresses_, address_block(address));
    Bucket& of_user = bucket(users_, key_of(user));
    const auto wait = std::max(of_address.wait(rate_, now), of_user.wait(rate_, now));
    if (wait > SteadyClock::duration::zero())
        return std::chrono::ceil<std::chrono::seconds>(wait);
    of_address.take(rate_, now);
    of_user.take(rate_, now);
    return std::nullopt;
}

void Attempts::succeeded(const asio::ip::address& address, std::string_view user) {
    if (const auto found = addresses_.find(address_block(address)); found != addresses_.end())
        found->second.give_back(rate_);
    if (const auto found = users_.find(key_of(user)); found != users_.end())
        found->second.give_back(rate_);
}

}  // namespace onlooker::access
