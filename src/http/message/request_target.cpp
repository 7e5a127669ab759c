#include "http/message/request_target.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>

#include "base/text.hpp"
#include "http/message/percent.hpp"
#include "http/message/syntax.hpp"

namespace onlooker::http {

namespace {

bool is_target_char(char c) noexcept {
    return c > 0x20 && c < 0x7f && c != '#';
}

void set_host(Request& request, std::string_view authority) {
    for (Header& header : request.headers) {
        if (equal_ignoring_case(header.name, "Host")) {
            header.value = authority;
            return;
        }
    }
    request.headers.push_back({"Host", std::string(authority)});
}

// Takes "http://authority" off an absolute-form target. False if that is not what it begins with.
bool take_authority(std::string_view& target, std::string_view& authority) noexcept {
    const auto scheme = std::min(target.find("://"), target.size());
    if (!equal_ignoring_case(target.substr(0, scheme), "http") &&
        !equal_ignoring_case(target.substr(0, scheme), "https"))
        return false;
    target.remove_prefix(std::min(scheme + 3, target.size()));
    const auto end = std::min(target.find_first_of("/?"), target.size());
    authority = target.substr(0, end);
    target.remove_prefix(end);
    return true;
}

}  // namespace

std::optional<std::string_view> split_target(Request& request) {
    std::string_view rest = request.target;
    if (rest.empty() || !std::ranges::all_of(rest, is_target_char))
        return "The request target holds a character that a URL must not contain.";
    if (rest == "*") {
        if (request.method != Method::options)
            return "The target * is for OPTIONS alone.";
        request.path = rest;
        return std::nullopt;
    }
    std::string_view authority;
    const bool absolute = !rest.starts_with('/');
    if (absolute && !take_authority(rest, authority))
        return "The request target must begin with '/' or with http://.";
    if (absolute && !is_valid_host(authority))
        return "The host in the request target is not valid.";

    const auto question = std::min(rest.find('?'), rest.size());
    auto path = percent_decoded(rest.substr(0, question));
    if (!path)
        return "The path holds a '%' that is not followed by two hexadecimal digits, or %00.";
    request.path = std::move(*path);
    if (request.path.empty())
        request.path = request.method == Method::options && question == rest.size() ? "*" : "/";
    request.query = Query::parse(rest.substr(std::min(question + 1, rest.size())));
    if (absolute)
        set_host(request, std::string(authority));
    return std::nullopt;
}

std::optional<std::string_view> split_authority(Request& request) {
    if (!is_valid_host(request.target))
        return "The target of CONNECT must be a host and a port.";
    request.path = "/";
    return std::nullopt;
}

std::string shown_target(std::string_view target) {
    const auto query = target.find('?');
    if (query == std::string_view::npos || !Query::parse(target.substr(query)).has("sig"))
        return escaped(target);
    return escaped(target.substr(0, query)) + "?***";
}

}  // namespace onlooker::http
