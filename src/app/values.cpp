#include "app/values.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "base/text.hpp"

namespace onlooker::app {

namespace {

constexpr std::array<std::pair<Subsampling, std::string_view>, 3> subsamplings{{
    {Subsampling::s420, "420"},
    {Subsampling::s422, "422"},
    {Subsampling::s444, "444"},
}};

constexpr std::array<std::pair<LogLevel, std::string_view>, 5> log_levels{{
    {LogLevel::debug, "debug"},
    {LogLevel::info, "info"},
    {LogLevel::warning, "warning"},
    {LogLevel::error, "error"},
    {LogLevel::off, "off"},
}};

// Takes a unit off the end; what it multiplies by, or 1.
double take_unit(std::string_view& text) {
    static constexpr std::array<std::pair<std::string_view, double>, 6> units{
        {{"ms", 0.001}, {"min", 60}, {"m", 60}, {"h", 3600}, {"d", 86400}, {"s", 1}}};
    for (const auto& [unit, seconds] : units) {
        if (text.ends_with(unit)) {
            text.remove_suffix(unit.size());
            if (text.ends_with(' '))
                text.remove_suffix(1);
            return seconds;
        }
    }
    return 1;
}

bool is_plain_number(std::string_view text) {
    return !text.empty() &&
           std::ranges::all_of(text, [](char c) { return is_digit(c) || c == '.'; });
}

}  // namespace

std::string_view to_string(Subsampling subsampling) noexcept {
    return std::ranges::find(subsamplings, subsampling, [](const auto& row) { return row.first; })
        ->second;
}

std::string_view to_string(LogLevel level) noexcept {
    return std::ranges::find(log_levels, level, [](const auto& row) { return row.first; })->second;
}

bool parse_boolean(std::string_view text) {
    const auto value = parse_yes_no(text);
    if (!value)
        throw ValueError("expected true or false");
    return *value;
}

std::chrono::milliseconds parse_seconds(std::string_view text, std::chrono::milliseconds lowest,
                                        std::chrono::milliseconds highest) {
    std::string_view number = text;
    const double unit = take_unit(number);
    const auto value = is_plain_number(number) ? parse_number<double>(number) : std::nullopt;
    const double milliseconds = value ? std::round(*value * unit * 1000) : -1;
    // Compared before the conversion, so that nothing overflows.
    if (milliseconds < static_cast<double>(lowest.count()) ||
        milliseconds > static_cast<double>(highest.count()))
        throw ValueError(fmt::format("expected seconds from {} to {}, such as 10, 0.5 or 500ms",
                                     show_seconds(lowest), show_seconds(highest)));
    return std::chrono::milliseconds(static_cast<std::int64_t>(milliseconds));
}

std::chrono::milliseconds parse_drop_same_frames(std::string_view text) {
    return parse_seconds(text, std::chrono::seconds(0), std::chrono::hours(1));
}

std::string show_seconds(std::chrono::milliseconds time) {
    return fmt::format("{:g} s", static_cast<double>(time.count()) / 1000);
}

std::size_t parse_octets(std::string_view text, std::size_t lowest, std::size_t highest) {
    std::string_view number = text;
    std::size_t unit = 1;
    if (number.ends_with('k'))
        unit = 1024;
    else if (number.ends_with('M'))
        unit = std::size_t{1024} * 1024;
    if (unit != 1)
        number.remove_suffix(1);
    const auto value = parse_number<std::size_t>(number);
    if (!value || *value > highest / unit || *value * unit < lowest)
        throw ValueError(
            fmt::format("expected octets from {} to {}, such as 8192 or 8k", lowest, highest));
    return *value * unit;
}

Subsampling parse_subsampling(std::string_view text) {
    for (const auto& [subsampling, name] : subsamplings) {
        if (text == name)
            return subsampling;
    }
    throw ValueError("expected 420, 422 or 444");
}

LogLevel parse_log_level(std::string_view text) {
    for (const auto& [level, name] : log_levels) {
        if (text == name)
            return level;
    }
    throw ValueError("expected debug, info, warning, error or off");
}

std::string parse_host(std::string_view text) {
    if (text.find("://") != std::string_view::npos)
        throw ValueError(
            "expected the address alone, without http:// and path; a port goes to --port");
    if (text == "*")
        throw ValueError("for all addresses of this machine take :: or, without IPv6, 0.0.0.0");
    const bool has_brackets = text.starts_with('[') && text.ends_with(']');
    const std::string_view host = has_brackets ? text.substr(1, text.size() - 2) : text;
    // An IPv6 address has two ':' at least.
    if (host.find("]:") != std::string_view::npos || std::ranges::count(host, ':') == 1)
        throw ValueError(
            "expected the address alone; the port behind the ':' goes to --port, as in "
            "--host 127.0.0.1 --port 5000");
    const bool plausible =
        !host.empty() && host.size() <= 255 && std::ranges::all_of(host, [](char c) {
            return is_alphanumeric(c) || c == '.' || c == '-' || c == ':' || c == '%' || c == '_';
        });
    if (!plausible)
        throw ValueError("expected an address or a host name, such as 127.0.0.1, ::1 or 0.0.0.0");
    return std::string(host);
}

std::uint16_t parse_port(std::string_view text) {
    try {
        return parse_whole<std::uint16_t>(text, 1, 65535);
    } catch (const ValueError& error) {
        if (text.find(':') == std::string_view::npos)
            throw;
        throw ValueError(fmt::format("{}; an address goes to --host", error.what()));
    }
}

}  // namespace onlooker::app
