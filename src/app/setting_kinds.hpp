// One function for each kind of setting makes its row; `access` gives its place in Options.
//
// Only for the files of rows (setting_rows.hpp).
#pragma once

#include <fmt/format.h>

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/settings.hpp"
#include "app/values.hpp"

namespace onlooker::app {

using Values = std::vector<std::string>;

template <typename Access, typename Parse, typename Show>
Setting single(std::string_view name, std::string_view group, std::string_view placeholder,
               std::string help, Access access, Parse parse, Show show) {
    return {.name = name,
            .group = group,
            .placeholder = placeholder,
            .help = std::move(help),
            .apply = [=](Options& o, const Values& values) { access(o) = parse(values.front()); },
            .shown_default = [=](Options& o) -> std::string { return show(access(o)); }};
}

template <typename Number, typename Access>
Setting whole(std::string_view name, std::string_view group, std::string_view placeholder,
              std::string help, Number lowest, Number highest, Access access) {
    return single(
        name, group, placeholder, std::move(help), access,
        [=](std::string_view text) { return parse_whole<Number>(text, lowest, highest); },
        [](Number value) { return fmt::format("{}", value); });
}

template <typename Access>
Setting seconds(std::string_view name, std::string_view group, std::string help,
                std::chrono::milliseconds lowest, std::chrono::milliseconds highest,
                Access access) {
    return single(
        name, group, "SECONDS", std::move(help), access,
        [=](std::string_view text) { return parse_seconds(text, lowest, highest); }, show_seconds);
}

template <typename Access>
Setting octets(std::string_view name, std::string_view group, std::string help, std::size_t lowest,
               std::size_t highest, Access access) {
    return single(
        name, group, "OCTETS", std::move(help), access,
        [=](std::string_view text) { return parse_octets(text, lowest, highest); },
        [](std::size_t value) { return fmt::format("{}", value); });
}

template <typename Access>
Setting text(std::string_view name, std::string_view group, std::string_view placeholder,
             std::string help, Access access) {
    return single(
        name, group, placeholder, std::move(help), access,
        [](const std::string& value) {
            if (value.empty())
                throw ValueError("expected a value, not nothing");
            return value;
        },
        [](const auto&) { return std::string(); });
}

template <typename Access>
Setting flag(std::string_view name, std::string_view group, std::string help, Access access) {
    return {.name = name,
            .group = group,
            .placeholder = {},
            .help = std::move(help),
            .kind = Setting::Kind::flag,
            .apply = [=](Options& o,
                         const Values& values) { access(o) = parse_boolean(values.front()); },
            .shown_default = {}};
}

inline Setting list(std::string_view name, std::string_view group, std::string_view placeholder,
                    std::string help, void (*apply)(Options&, const Values&)) {
    return {.name = name,
            .group = group,
            .placeholder = placeholder,
            .help = std::move(help),
            .kind = Setting::Kind::list,
            .apply = apply,
            .shown_default = {}};
}

}  // namespace onlooker::app
