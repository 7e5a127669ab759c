// The values that settings take: strict, the whole text or nothing. Each throws ValueError with
// what was expected.
#pragma once

#include <fmt/format.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "app/camera_spec.hpp"
#include "app/options.hpp"
#include "base/text.hpp"

namespace onlooker::app {

template <typename Number>
Number parse_whole(std::string_view text, Number lowest, Number highest) {
    const std::optional<Number> value = parse_number<Number>(text);
    if (!value || *value < lowest || *value > highest)
        throw ValueError(fmt::format("expected a whole number from {} to {}", lowest, highest));
    return *value;
}

// true, yes, on, 1; false, no, off, 0.
bool parse_boolean(std::string_view text);

// Seconds, with a fraction if need be and an `s` if wanted; or `ms`, `min` or `m`, `h`, `d`. To the
// millisecond.
std::chrono::milliseconds parse_seconds(std::string_view text, std::chrono::milliseconds lowest,
                                        std::chrono::milliseconds highest);

// 0 to 1 hour.
std::chrono::milliseconds parse_drop_same_frames(std::string_view text);

// "2 s", "0.5 s".
std::string show_seconds(std::chrono::milliseconds time);

// Octets; `k` and `M` are 1024 and 1024 * 1024.
std::size_t parse_octets(std::string_view text, std::size_t lowest, std::size_t highest);

// 420, 422, 444.
Subsampling parse_subsampling(std::string_view text);

LogLevel parse_log_level(std::string_view text);

// An IP address or a host name, without port; brackets are taken off.
std::string parse_host(std::string_view text);

// 1 to 65535.
std::uint16_t parse_port(std::string_view text);

}  // namespace onlooker::app
