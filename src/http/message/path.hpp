// The segments of a path. Pure; header-only.
#pragma once

#include <algorithm>
#include <string_view>

namespace onlooker::http {

// Takes "/segment" off the front of `path`, which begins with '/', and returns the segment.
inline std::string_view take_segment(std::string_view& path) noexcept {
    path.remove_prefix(1);
    const std::string_view segment = path.substr(0, std::min(path.find('/'), path.size()));
    path.remove_prefix(segment.size());
    return segment;
}

}  // namespace onlooker::http
