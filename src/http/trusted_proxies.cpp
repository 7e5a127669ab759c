#include "http/trusted_proxies.hpp"

#include <algorithm>
#include <optional>
#include <ranges>
#include <stdexcept>

#include "base/text.hpp"

namespace onlooker::http {

namespace {

using asio::ip::address;

constexpr std::size_t longest_prefix = 200;

// ::ffff:192.0.2.7, as a socket for both families names it, is 192.0.2.7.
address plain(const address& from) {
    if (from.is_v6() && from.to_v6().is_v4_mapped())
        return asio::ip::make_address_v4(asio::ip::v4_mapped, from.to_v6());
    return from;
}

// "192.0.2.7", "192.0.2.7:4711", "[2001:db8::1]:4711".
std::optional<address> address_in(std::string_view text) {
    text = trimmed(text);
    if (text.starts_with('['))
        text = text.substr(1, text.find(']') - 1);
    else if (std::ranges::count(text, ':') == 1)
        text = text.substr(0, text.find(':'));
    asio::error_code error;
    const address found = asio::ip::make_address(std::string(text), error);
    return error ? std::nullopt : std::optional(plain(found));
}

// The value that the nearest proxy gave: the last of the last field.
std::string_view last_word(const Request& request, std::string_view name) {
    std::string_view word;
    for (const std::string_view value : request.all(name))
        word = value;
    if (const auto comma = word.rfind(','); comma != std::string_view::npos)
        word.remove_prefix(comma + 1);
    return trimmed(word);
}

// A path such as may stand in front of ours in an address that we write.
bool is_prefix(std::string_view path) noexcept {
    return path.size() <= longest_prefix && path.starts_with('/') && !path.starts_with("//") &&
           std::ranges::all_of(path, [](char c) {
               return is_alphanumeric(c) ||
                      std::string_view("/-._~").find(c) != std::string_view::npos;
           });
}

}  // namespace

TrustedProxies::TrustedProxies(const std::vector<std::string>& networks) {
    for (const std::string& network : networks) {
        asio::error_code error;
        const address single = asio::ip::make_address(network, error);
        const bool is_single = !error;
        const bool is_v6 = network.find(':') != std::string::npos;
        if (is_v6)
            v6_.push_back(is_single ? asio::ip::network_v6(single.to_v6(), 128)
                                    : asio::ip::make_network_v6(network, error));
        else
            v4_.push_back(is_single ? asio::ip::network_v4(single.to_v4(), 32)
                                    : asio::ip::make_network_v4(network, error));
        if (!is_single && error)
            throw std::invalid_argument("an address or a network such as 192.0.2.0/24");
    }
}

bool TrustedProxies::trusts(const address& who) const {
    if (who.is_v4())
        return std::ranges::any_of(v4_, [v4 = who.to_v4()](const asio::ip::network_v4& network) {
            return asio::ip::network_v4(v4, network.prefix_length()).canonical() ==
                   network.canonical();
        });
    return std::ranges::any_of(v6_, [v6 = who.to_v6()](const asio::ip::network_v6& network) {
        return asio::ip::network_v6(v6, network.prefix_length()).canonical() == network.canonical();
    });
}

void TrustedProxies::believe(Request& request) const {
    if ((v4_.empty() && v6_.empty()) || !trusts(plain(request.remote.address())))
        return;
    believe_client(request);
    if (const auto scheme = last_word(request, "X-Forwarded-Proto"); !scheme.empty())
        request.secure = equal_ignoring_case(scheme, "https");
    for (const char* name : {"X-Forwarded-Prefix", "X-Ingress-Path"}) {
        std::string_view prefix = last_word(request, name);
        while (prefix.ends_with('/'))
            prefix.remove_suffix(1);
        if (is_prefix(prefix))
            request.prefix = prefix;
    }
}

// From the last, which the nearest proxy wrote, to the first that is no proxy of ours.
void TrustedProxies::believe_client(Request& request) const {
    std::vector<std::string_view> chain;
    for (std::string_view value : request.all("X-Forwarded-For")) {
        for (bool more = true; more;) {
            const auto comma = value.find(',');
            chain.push_back(value.substr(0, comma));
            more = comma != std::string_view::npos;
            if (more)
                value.remove_prefix(comma + 1);
        }
    }
    for (const std::string_view name : std::views::reverse(chain)) {
        const auto client = address_in(name);
        if (!client)
            return;
        request.remote.address(*client);
        if (!trusts(*client))
            return;
    }
}

}  // namespace onlooker::http
