#include "http/host_names.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "http/message/authority.hpp"
#include "http/wire/peer_name.hpp"

namespace onlooker::http {

namespace {

// As much of a name as the answer and the log show; one of the DNS has 253 octets at most.
constexpr std::size_t shown_octets = 80;

bool ends_with_ignoring_case(std::string_view text, std::string_view end) noexcept {
    return text.size() >= end.size() &&
           equal_ignoring_case(text.substr(text.size() - end.size()), end);
}

bool matches(std::string_view pattern, std::string_view host) noexcept {
    return pattern == "*" || equal_ignoring_case(pattern, host) ||
           (pattern.starts_with("*.") && ends_with_ignoring_case(host, pattern.substr(1)));
}

}  // namespace

bool HostNames::accept(std::string_view authority) const noexcept {
    const std::string_view host = host_of(authority);
    return is_address(host) || has_one_label(host) || ends_with_ignoring_case(host, ".localhost") ||
           std::ranges::any_of(names_,
                               [host](const std::string& name) { return matches(name, host); });
}

std::optional<Response> HostNames::refuse(const Request& request) const {
    const std::string_view asked = request.header("Host");
    if (accept(asked))
        return std::nullopt;
    const std::string name = escaped(host_of(asked), shown_octets);
    if (told_.is_new(name))
        log_.write(spdlog::level::warn,
                   "{}: asked for {}, which is no name of this machine, and was refused; if it is "
                   "one: --allow-host {}",
                   peer_name(request.remote), name, name);
    return Response::error(
        421, fmt::format("{} is no name of this server. Whoever runs it can make it one: "
                         "--allow-host {}",
                         name, name));
}

}  // namespace onlooker::http
