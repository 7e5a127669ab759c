#include "relay/capture_stamp.hpp"

#include <cstddef>
#include <cstdint>

#include "base/text.hpp"

namespace onlooker::drivers {

namespace {

using namespace std::chrono;
using Time = std::optional<system_clock::time_point>;

constexpr sys_days earliest = year{2001} / January / 1;
constexpr sys_days latest = year{2200} / January / 1;

Time plausible(sys_time<nanoseconds> time) {
    if (time < earliest || time >= latest)
        return std::nullopt;
    return time_point_cast<system_clock::duration>(time);
}

// The digits behind a decimal point as nanoseconds; digits beyond the ninth are dropped.
std::optional<nanoseconds> parse_fraction(std::string_view digits) {
    std::int64_t value = 0;
    std::size_t count = 0;
    for (const char c : digits) {
        if (c < '0' || c > '9')
            return std::nullopt;
        if (count < 9) {
            value = value * 10 + (c - '0');
            ++count;
        }
    }
    for (; count < 9; ++count)
        value *= 10;
    return nanoseconds(value);
}

// The decimal part of `text` is cut off and returned; `text` without one gives zero.
std::optional<nanoseconds> cut_fraction(std::string_view& text) {
    const std::size_t point = text.find('.');
    if (point == std::string_view::npos)
        return nanoseconds::zero();
    const auto fraction = parse_fraction(text.substr(point + 1));
    text = text.substr(0, point);
    return fraction;
}

Time parse_epoch(std::string_view text) {
    const auto fraction = cut_fraction(text);
    const auto number = parse_number<std::uint64_t>(text);
    if (!fraction || !number || text.size() > 19 || *number > INT64_MAX)
        return std::nullopt;
    const auto count = static_cast<std::int64_t>(*number);
    if (text.size() > 16)
        return plausible(sys_time<nanoseconds>(nanoseconds(count)));
    if (text.size() > 13)
        return plausible(sys_time<nanoseconds>(microseconds(count)));
    if (text.size() > 10)
        return plausible(sys_time<nanoseconds>(milliseconds(count)));
    if (text.size() > 9)
        return plausible(sys_time<nanoseconds>(seconds(count) + *fraction));
    return std::nullopt;  // less than ten digits of seconds end in 2001
}

std::optional<unsigned> two_digits(std::string_view text, std::size_t at) {
    return at + 2 <= text.size() ? parse_number<unsigned>(text.substr(at, 2)) : std::nullopt;
}

// The zone at the end of a clock time, cut off: Z, +hh:mm, -hh:mm, +hhmm, or none, which is UTC.
std::optional<minutes> cut_zone(std::string_view& clock) {
    if (clock.ends_with('Z')) {
        clock.remove_suffix(1);
        return minutes::zero();
    }
    const std::size_t sign = clock.find_first_of("+-");
    if (sign == std::string_view::npos)
        return minutes::zero();
    const std::string_view zone = clock.substr(sign);
    const bool has_colon = zone.size() == 6 && zone[3] == ':';
    const auto hour = two_digits(zone, 1);
    const auto minute = two_digits(zone, has_colon ? 4 : 3);
    if (!hour || !minute || (!has_colon && zone.size() != 5) || *hour > 23 || *minute > 59)
        return std::nullopt;
    clock = clock.substr(0, sign);
    const minutes offset = hours(*hour) + minutes(*minute);
    return zone[0] == '-' ? -offset : offset;
}

Time parse_iso(std::string_view text) {
    constexpr std::size_t date_size = 10;  // YYYY-MM-DD
    const auto year_number = parse_number<unsigned>(text.substr(0, 4));
    const auto month_number = two_digits(text, 5);
    const auto day_number = two_digits(text, 8);
    if (!year_number || !month_number || !day_number)
        return std::nullopt;
    const year_month_day date =
        year(static_cast<int>(*year_number)) / month(*month_number) / day(*day_number);
    std::string_view clock = text.substr(date_size + 1);
    const auto zone = cut_zone(clock);
    const auto fraction = cut_fraction(clock);
    const auto hour = two_digits(clock, 0);
    const auto minute = two_digits(clock, 3);
    const auto second = two_digits(clock, 6);
    if (!date.ok() || !zone || !fraction || !hour || !minute || !second || clock.size() != 8 ||
        clock[2] != ':' || clock[5] != ':' || *hour > 23 || *minute > 59 || *second > 60)
        return std::nullopt;
    return plausible(sys_days(date) + hours(*hour) + minutes(*minute) + seconds(*second) +
                     *fraction - *zone);
}

}  // namespace

Time parse_capture_stamp(std::string_view text) {
    constexpr std::size_t shortest_iso = 19;  // YYYY-MM-DDThh:mm:ss
    const bool is_iso = text.size() >= shortest_iso && text[4] == '-' && text[7] == '-' &&
                        (text[10] == 'T' || text[10] == ' ');
    return is_iso ? parse_iso(text) : parse_epoch(text);
}

}  // namespace onlooker::drivers
