#include "http/proxy_prefix.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "http/message/path.hpp"

namespace onlooker::http {

namespace {

constexpr int most_segments = 3;

// Not "..", nor anything that two servers may read in two ways.
bool is_plain(std::string_view segment) noexcept {
    return !segment.empty() && !segment.starts_with('.') &&
           std::ranges::all_of(segment, [](char c) {
               return is_alphanumeric(c) || c == '-' || c == '_' || c == '.' || c == '~';
           });
}

}  // namespace

ProxyPrefix::ProxyPrefix(Settings settings) : settings_(std::move(settings)) {}

bool ProxyPrefix::may_be_part(std::string_view segment) const {
    return is_plain(segment) && std::ranges::none_of(settings_.never, [segment](const auto& name) {
               return equal_ignoring_case(name, segment);
           });
}

std::optional<std::string_view> ProxyPrefix::rest(std::string_view path) const {
    if (!path.starts_with('/'))
        return std::nullopt;
    if (!settings_.named) {
        if (!may_be_part(take_segment(path)))
            return std::nullopt;
    } else if (!settings_.named->empty() && path.starts_with(*settings_.named)) {
        path.remove_prefix(settings_.named->size());
    } else {
        return std::nullopt;
    }
    return path.starts_with('/') ? std::optional(path) : std::nullopt;
}

bool ProxyPrefix::is_all_of(std::string_view path) const {
    if (path.ends_with('/'))
        path.remove_suffix(1);
    if (settings_.named)
        return !path.empty() && path == *settings_.named;
    int segments = 0;
    while (path.starts_with('/')) {
        if (!may_be_part(take_segment(path)) || ++segments > most_segments)
            return false;
    }
    return segments > 0;
}

}  // namespace onlooker::http
