// Host names out of what a browser sends: the Host field, and the origin of the page that asks.
//
// Pure. Thread: any.
#pragma once

#include <string_view>

#include "http/message/request.hpp"

namespace onlooker::http {

// "pi.local" of "pi.local:5000" and of "pi.local.", "[::1]" of "[::1]:5000".
std::string_view host_of(std::string_view authority) noexcept;

// An address as browsers see it, in brackets or with a last label that is a number
// (https://url.spec.whatwg.org/#ends-in-a-number-checker).
bool is_address(std::string_view host) noexcept;

// "printer", "localhost"; also the empty name.
bool has_one_label(std::string_view host) noexcept;

// "pi.local:5000" of "http://pi.local:5000", and of an address that goes on behind it; empty if it
// is no such thing, as "null".
std::string_view authority_of(std::string_view origin) noexcept;

// The origin of the page that makes or shows this request: from Origin or, since an <img> sends
// none, from Referer. Empty: the page does not say, or there is none.
std::string_view page_of(const Request& request) noexcept;

// The page comes from the host by which the request calls this server, whatever its scheme and
// port.
bool is_of_same_host(std::string_view page, const Request& request) noexcept;

// The page comes from this server itself.
bool is_of_same_authority(std::string_view page, const Request& request) noexcept;

}  // namespace onlooker::http
