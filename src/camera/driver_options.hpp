// The options of a driver as rows: what each is called, what it takes, how it is explained, and
// where in the driver's settings it goes. A driver's parsing and its `--help DRIVER` are both made
// from them, and all drivers read numbers, rates and switches alike.
//
//     OptionRows rows(Settings& settings) {
//         return {size_option("size", "Size of the pictures.", settings.size),
//                 rate_option("fps", "Pictures per second.", settings.rate)};
//     }
//     Settings parse_options(const DriverOptions& options) {
//         Settings settings;
//         read_options("testcard", rows(settings), options);
//         return settings;
//     }
//
// The default that is shown is the value that the place holds when the row is made; a place that
// says "unless the user wants something" says in words what happens then: `.unless_set("...")`.
//
// Owner: the driver that makes the rows; they refer to its settings, and must not outlive them.
// Thread: one at a time. Errors: DriverOptionError, with the key, what was written (never a
// password) and what was expected.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "camera/driver.hpp"
#include "media/picture_size.hpp"

namespace onlooker::camera {

struct OptionRow {
    OptionDescription description;
    // Puts a value where it belongs; false: it cannot be taken.
    std::function<bool(std::string_view value)> read;
    // All values that it can take, where these are names; one that is misspelt is recognised.
    std::vector<std::string> names{};

    OptionRow unless_set(std::string words) && {
        description.when_absent = std::move(words);
        return std::move(*this);
    }
};

using OptionRows = std::vector<OptionRow>;

// What a driver does with keys that no row has, such as the names of a camera's controls.
struct OtherKeys {
    // False: it is none of these either.
    std::function<bool(const std::string& key, const std::string& value)> read{};
    // What they are, for the user: "and the controls of the camera".
    std::string words{};
};

// Reads each value into the place of its row. `driver` is the name that errors give.
void read_options(std::string_view driver, const OptionRows& rows, const DriverOptions& options,
                  const OtherKeys& others = {});

// `value` as an error may show it: nothing of what may be secret.
std::string shown_value(std::string_view key, std::string_view value);

std::vector<OptionDescription> descriptions(const OptionRows& rows);

// The option that `key` was most likely meant to be; empty: none is near.
std::string_view nearest_option(const OptionRows& rows, std::string_view key);

// What follows makes rows. `place` is what the value is assigned to: a member of the settings, also
// an optional one.

// Pictures per second, with one range for all drivers.
inline constexpr double slowest_rate = 0.001;
inline constexpr double fastest_rate = 1000;

std::optional<double> parse_within(std::string_view text, double least, double most);
std::optional<unsigned> parse_whole(std::string_view text, unsigned least, unsigned most);
std::optional<media::PictureSize> parse_size_within(std::string_view text, unsigned least,
                                                    unsigned most);

// A value as the user would write it; empty for an optional one that is absent.
std::string written(double value);
std::string written(bool value);
std::string written(unsigned value);
std::string written(media::PictureSize value);
template <typename Value>
std::string written(const std::optional<Value>& value) {
    return value ? written(*value) : std::string();
}

// "any, ffmpeg or v4l2".
std::string joined(const std::vector<std::string>& names, std::string_view before_last);

template <typename Parse, typename Place>
OptionRow row(OptionDescription description, Parse parse, Place& place) {
    return {std::move(description), [parse, &place](std::string_view text) {
                const auto value = parse(text);
                if (!value)
                    return false;
                const auto& taken = *value;
                place = taken;
                return true;
            }};
}

template <typename Place>
OptionRow rate_option(std::string name, std::string meaning, Place& place) {
    return row(
        {std::move(name), "RATE", std::move(meaning),
         "frames per second from " + written(slowest_rate) + " to " + written(fastest_rate),
         written(place)},
        [](std::string_view text) { return parse_within(text, slowest_rate, fastest_rate); },
        place);
}

template <typename Place>
OptionRow whole_option(std::string name, std::string placeholder, std::string meaning,
                       unsigned least, unsigned most, Place& place) {
    return row(
        {std::move(name), std::move(placeholder), std::move(meaning),
         "a whole number from " + written(least) + " to " + written(most), written(place)},
        [least, most](std::string_view text) { return parse_whole(text, least, most); }, place);
}

template <typename Place>
OptionRow size_option(std::string name, std::string meaning, Place& place, unsigned least = 1,
                      unsigned most = media::longest_side) {
    return row(
        {std::move(name), "WIDTHxHEIGHT", std::move(meaning),
         "WIDTHxHEIGHT, each from " + written(least) + " to " + written(most), written(place)},
        [least, most](std::string_view text) { return parse_size_within(text, least, most); },
        place);
}

template <typename Place>
OptionRow switch_option(std::string name, std::string meaning, Place& place) {
    return row({std::move(name), "true|false", std::move(meaning), "true or false", written(place)},
               parse_yes_no, place);
}

OptionRow seconds_option(std::string name, std::string meaning, std::chrono::milliseconds least,
                         std::chrono::milliseconds most, std::chrono::milliseconds& place);

// Any text.
OptionRow text_option(std::string name, std::string placeholder, std::string meaning,
                      std::string& place);

// One of `names`, which `parse` knows; it gives an optional.
template <typename Parse, typename Place>
OptionRow named_option(std::string name, std::string placeholder, std::string meaning,
                       std::vector<std::string> names, Parse parse, Place& place) {
    OptionRow made =
        row({std::move(name), std::move(placeholder), std::move(meaning), joined(names, " or ")},
            parse, place);
    made.names = std::move(names);
    return made;
}

// One of a few names, each with the value it stands for.
template <typename Value, typename Place>
OptionRow choice_option(std::string name, std::string meaning,
                        std::vector<std::pair<std::string, Value>> choices, Place& place) {
    std::vector<std::string> names;
    std::string placeholder;
    std::string chosen;
    for (const auto& [word, value] : choices) {
        names.push_back(word);
        placeholder += (placeholder.empty() ? "" : "|") + word;
        if (place == value)
            chosen = word;
    }
    const auto parse = [choices = std::move(choices)](std::string_view text) {
        std::optional<Value> found;
        for (const auto& [word, value] : choices)
            if (word == text)
                found = value;
        return found;
    };
    return named_option(std::move(name), std::move(placeholder), std::move(meaning),
                        std::move(names), parse, place)
        .unless_set(std::move(chosen));
}

}  // namespace onlooker::camera
