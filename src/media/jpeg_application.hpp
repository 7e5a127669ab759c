// What is shown of a JPEG's application segments and comments: a picture needs to show no more than
// its own start and end. Pure; any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

namespace onlooker::media {

// The segment to show in place of the one that `marker` began, markers included; empty: none.
// Nothing: the segment itself is shown.
std::optional<std::span<const std::byte>> shown_application(
    unsigned marker, std::span<const std::byte> body) noexcept;

}  // namespace onlooker::media
