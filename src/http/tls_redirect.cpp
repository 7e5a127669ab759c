#include "http/tls_redirect.hpp"

#include <fmt/format.h>

#include <string>
#include <string_view>

#include "http/message/authority.hpp"

namespace onlooker::http {

namespace {

constexpr std::uint16_t port_of_https = 443;

}  // namespace

Response redirect_to_tls(const Request& request, std::uint16_t port) {
    const std::string_view host = host_of(request.header("Host"));
    if (host.empty())
        return Response::error(400, fmt::format("This is served over HTTPS, at port {}.", port));
    const std::string_view target =
        request.target.starts_with('/') ? std::string_view(request.target) : "/";
    const std::string shown = port == port_of_https ? std::string() : fmt::format(":{}", port);
    std::string location = fmt::format("https://{}{}{}", host, shown, target);
    return Response::text(308, "This is served over HTTPS: " + location)
        .with("Location", std::move(location));
}

}  // namespace onlooker::http
