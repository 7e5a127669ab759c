#include "http/message/authority.hpp"

#include <algorithm>
#include <cstddef>

#include "base/text.hpp"

namespace onlooker::http {

std::string_view host_of(std::string_view authority) noexcept {
    if (authority.starts_with('['))
        return authority.substr(0, std::min(authority.find(']'), authority.size() - 1) + 1);
    std::string_view host = authority.substr(0, authority.find(':'));
    if (host.ends_with('.'))
        host.remove_suffix(1);
    return host;
}

bool is_address(std::string_view host) noexcept {
    const std::string_view last = host.substr(host.rfind('.') + 1);
    return host.starts_with('[') || (!last.empty() && std::ranges::all_of(last, is_digit));
}

bool has_one_label(std::string_view host) noexcept {
    return std::ranges::all_of(host,
                               [](char c) { return is_alphanumeric(c) || c == '-' || c == '_'; });
}

std::string_view authority_of(std::string_view origin) noexcept {
    const auto scheme = origin.find("://");
    if (scheme == std::string_view::npos)
        return {};
    const std::string_view rest = origin.substr(scheme + 3);
    return rest.substr(0, rest.find_first_of("/?#"));
}

std::string_view page_of(const Request& request) noexcept {
    if (const std::string_view origin = request.header("Origin"); !origin.empty())
        return origin;
    const std::string_view referrer = request.header("Referer");
    const std::string_view authority = authority_of(referrer);
    const auto end = authority.data() - referrer.data();
    return authority.empty() ? authority
                             : referrer.substr(0, static_cast<std::size_t>(end) + authority.size());
}

bool is_of_same_host(std::string_view page, const Request& request) noexcept {
    const std::string_view host = host_of(authority_of(page));
    return !host.empty() && equal_ignoring_case(host, host_of(request.header("Host")));
}

bool is_of_same_authority(std::string_view page, const Request& request) noexcept {
    const std::string_view authority = authority_of(page);
    return !authority.empty() && equal_ignoring_case(authority, request.header("Host"));
}

}  // namespace onlooker::http
