#include "endpoints/loop_guard.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

#include "base/process_identity.hpp"

namespace onlooker::endpoints {

namespace {

constexpr std::size_t longest_via = 1024;
constexpr std::size_t most_relays = 5;
constexpr std::string_view our_kind = "onlooker-";

std::size_t count_of(std::string_view text, std::string_view word) {
    std::size_t count = 0;
    for (auto at = text.find(word); at != std::string_view::npos;
         at = text.find(word, at + word.size()))
        ++count;
    return count;
}

}  // namespace

std::string via_of(const http::Request& request) {
    std::string via;
    for (const std::string& value : request.all("Via"))
        via += (via.empty() ? "" : ", ") + value;
    const bool plain = std::ranges::all_of(via, [](char c) { return c >= 0x20 && c < 0x7f; });
    return plain && via.size() <= longest_via ? via : std::string();
}

std::optional<http::Response> refuse_loop(const std::string& via) {
    static const std::string own_name = via_pseudonym();
    if (via.find(own_name) != std::string::npos)
        return http::Response::error(
            508, "These pictures come from this server: the relays form a loop.");
    if (count_of(via, our_kind) >= most_relays)
        return http::Response::error(508, "Too many relays in a row; five is the most.");
    return std::nullopt;
}

}  // namespace onlooker::endpoints
