#include "camera/driver_options.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>

#include "base/nearest_name.hpp"
#include "base/redaction.hpp"

namespace onlooker::camera {

namespace {

constexpr std::size_t longest_shown = 60;  // octets of a key

std::vector<std::string> names_of(const OptionRows& rows) {
    std::vector<std::string> names;
    for (const OptionRow& row : rows)
        names.push_back(row.description.name);
    return names;
}

std::string_view nearest_of(std::string_view wanted, const std::vector<std::string>& names) {
    const std::vector<std::string_view> views(names.begin(), names.end());
    return nearest_name(wanted, views);
}

// The rest of a password that was cut at a comma ends with '@' and the host.
bool may_be_of_login(std::string_view value) {
    return value.find('@') != std::string_view::npos;
}

// So does a key behind the value of a secret one, unless it is one itself.
bool may_be_of_password(const DriverOptions& options, const std::string& key) {
    const bool behind_secret = std::ranges::any_of(
        options.values, [](const auto& option) { return is_secret_key(option.first); });
    return may_be_of_login(options.values.at(key)) || (behind_secret && !is_secret_key(key));
}

[[noreturn]] void refuse_key(std::string_view driver, const OptionRows& rows,
                             const OtherKeys& others, const DriverOptions& options,
                             const std::string& key) {
    const std::string_view near = nearest_option(rows, key);
    std::string words =
        std::string(driver) + " has no option '" +
        (near.empty() && may_be_of_password(options, key) ? "***" : escaped(key, longest_shown)) +
        "'; ";
    if (!near.empty())
        words += "did you mean " + std::string(near) + "? It has ";
    else
        words += "it has ";
    std::vector<std::string> names = names_of(rows);
    if (!others.words.empty())
        names.push_back(others.words);
    throw DriverOptionError(words + (names.empty() ? "none" : joined(names, " and ")));
}

[[noreturn]] void refuse_value(const OptionRow& row, std::string_view value) {
    const std::string& key = row.description.name;
    std::string words =
        key + "=" + shown_value(key, value) + ": expected " + row.description.expected;
    // A number is not misspelt.
    const std::string_view near =
        parse_number<double>(value) ? std::string_view() : nearest_of(value, row.names);
    if (!near.empty())
        words += "; did you mean " + std::string(near) + "?";
    throw DriverOptionError(words);
}

}  // namespace

void read_options(std::string_view driver, const OptionRows& rows, const DriverOptions& options,
                  const OtherKeys& others) {
    for (const auto& [key, value] : options.values) {
        const auto found = std::ranges::find_if(
            rows, [&key](const OptionRow& row) { return row.description.name == key; });
        if (found == rows.end()) {
            if (!others.read || !others.read(key, value))
                refuse_key(driver, rows, others, options, key);
        } else if (!found->read(value)) {
            refuse_value(*found, value);
        }
    }
}

std::string shown_value(std::string_view key, std::string_view value) {
    return is_secret_key(key) || may_be_of_login(value) ? "***" : without_secrets(value);
}

std::vector<OptionDescription> descriptions(const OptionRows& rows) {
    std::vector<OptionDescription> all;
    for (const OptionRow& row : rows)
        all.push_back(row.description);
    return all;
}

std::string_view nearest_option(const OptionRows& rows, std::string_view key) {
    std::vector<std::string_view> names;
    for (const OptionRow& row : rows)
        names.emplace_back(row.description.name);
    return nearest_name(key, names);
}

std::optional<double> parse_within(std::string_view text, double least, double most) {
    const auto value = parse_number<double>(text);
    // Written so that "nan" is refused too.
    return value && *value >= least && *value <= most ? value : std::nullopt;
}

std::optional<unsigned> parse_whole(std::string_view text, unsigned least, unsigned most) {
    const auto value = parse_number<unsigned>(text);
    return value && *value >= least && *value <= most ? value : std::nullopt;
}

std::optional<media::PictureSize> parse_size_within(std::string_view text, unsigned least,
                                                    unsigned most) {
    const auto size = media::parse_size(text);
    const bool fits = size && std::min(size->width, size->height) >= least &&
                      std::max(size->width, size->height) <= most;
    return fits ? size : std::nullopt;
}

std::string written(double value) {
    std::array<char, 32> room{};
    const auto end = std::to_chars(room.data(), room.data() + room.size(), value);
    return {room.data(), end.ptr};
}

std::string written(bool value) {
    return value ? "true" : "false";
}

std::string written(unsigned value) {
    return std::to_string(value);
}

std::string written(media::PictureSize value) {
    return media::to_text(value);
}

std::string joined(const std::vector<std::string>& names, std::string_view before_last) {
    std::string text;
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (i > 0)
            text += i + 1 == names.size() ? before_last : std::string_view(", ");
        text += names[i];
    }
    return text;
}

OptionRow seconds_option(std::string name, std::string meaning, std::chrono::milliseconds least,
                         std::chrono::milliseconds most, std::chrono::milliseconds& place) {
    using Seconds = std::chrono::duration<double>;
    const double from = Seconds(least).count();
    const double to = Seconds(most).count();
    const auto parse = [from, to](std::string_view text) {
        const auto seconds = parse_within(text, from, to);
        return seconds
                   ? std::optional(std::chrono::round<std::chrono::milliseconds>(Seconds(*seconds)))
                   : std::nullopt;
    };
    return row(
        {std::move(name), "SECONDS", std::move(meaning),
         "seconds from " + written(from) + " to " + written(to), written(Seconds(place).count())},
        parse, place);
}

OptionRow text_option(std::string name, std::string placeholder, std::string meaning,
                      std::string& place) {
    return row(
        {std::move(name), std::move(placeholder), std::move(meaning)},
        [](std::string_view text) { return std::optional(std::string(text)); }, place);
}

}  // namespace onlooker::camera
