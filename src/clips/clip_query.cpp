#include "clips/clip_query.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <string_view>

#include "base/text.hpp"
#include "clips/muxer_loader.hpp"

namespace onlooker::clips {

namespace {

using std::chrono::milliseconds;
using Refusal = std::optional<http::Response>;

constexpr milliseconds shortest{100};
constexpr milliseconds longest_clip = std::chrono::hours(1);
constexpr milliseconds longest_time_lapse = std::chrono::hours(7 * 24);
constexpr milliseconds longest_interval = std::chrono::hours(1);
constexpr std::size_t longest_told = 40;

double in_seconds(milliseconds time) {
    return std::chrono::duration<double>(time).count();
}

struct Limits {
    milliseconds lowest;
    milliseconds highest;
};

// Into `value`, where the key is there; `meaning` stands behind "KEY is ".
template <typename Value>
Refusal read_time(const http::Query& query, std::string_view key, Limits limits,
                  std::string_view meaning, Value& value) {
    const std::string_view text = trimmed(query.get(key).value_or(""));
    if (text.empty())
        return std::nullopt;
    const auto seconds = parse_number<double>(text);
    if (!seconds || !std::isfinite(*seconds) || *seconds < in_seconds(limits.lowest) ||
        *seconds > in_seconds(limits.highest))
        return http::Response::error(
            400, fmt::format("{0}={1}: {0} is {2}.", key, escaped(text, longest_told), meaning));
    value = milliseconds(std::llround(*seconds * 1000));
    return std::nullopt;
}

Refusal read_length(const http::Query& query, ClipQuery& asked) {
    const bool is_time_lapse = asked.every.count() > 0;
    const milliseconds longest = is_time_lapse ? longest_time_lapse : longest_clip;
    return read_time(
        query, "seconds", {shortest, longest},
        fmt::format("how long to record, {:g} to {:g} seconds{}", in_seconds(shortest),
                    in_seconds(longest), is_time_lapse ? "" : "; with every= up to a week"),
        asked.seconds);
}

Refusal read_format(const http::Query& query, const ClipOffer& offer, ClipQuery& asked) {
    const std::string_view text = trimmed(query.get("format").value_or(""));
    const std::string_view name = text.empty() ? std::string_view(offer.formats.front()) : text;
    const auto format = format_named(name);
    if (!format || std::ranges::find(offer.formats, name) == offer.formats.end())
        return http::Response::error(
            400, fmt::format("format={}: a clip's format is one of {}.",
                             escaped(text, longest_told), fmt::join(offer.formats, ", ")));
    asked.format = *format;
    return std::nullopt;
}

Refusal read_pre_roll(const http::Query& query, const ClipOffer& offer, ClipQuery& asked) {
    const std::string meaning =
        offer.pre_roll.count() > 0
            ? fmt::format("how far back the clip begins, 0 to {:g} seconds (--pre-roll)",
                          in_seconds(offer.pre_roll))
            : std::string("0 on this server, which keeps no pictures: --pre-roll was not given");
    return read_time(query, "pre_roll", {milliseconds(0), offer.pre_roll}, meaning, asked.pre_roll);
}

}  // namespace

std::variant<ClipQuery, http::Response> clip_query(const http::Query& query,
                                                   const ClipOffer& offer) {
    ClipQuery asked;
    if (auto refusal =
            read_time(query, "every", {shortest, longest_interval},
                      "the seconds between two pictures of a time-lapse, 0.1 to 3600", asked.every))
        return std::move(*refusal);
    if (auto refusal = read_length(query, asked))
        return std::move(*refusal);
    if (auto refusal = read_format(query, offer, asked))
        return std::move(*refusal);
    if (auto refusal = read_pre_roll(query, offer, asked))
        return std::move(*refusal);
    if (asked.every.count() > 0 && asked.pre_roll.value_or(milliseconds(0)).count() > 0)
        return http::Response::error(
            400,
            "every and pre_roll contradict each other: a time-lapse begins when it is asked "
            "for.");
    return asked;
}

}  // namespace onlooker::clips
