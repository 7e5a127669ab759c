#include "manual/files.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <stdexcept>

#include "app/access_commands.hpp"
#include "app/command_line.hpp"
#include "app/settings.hpp"
#include "manual/completions.hpp"
#include "manual/configuration.hpp"
#include "manual/pages.hpp"
#include "manual/regions.hpp"

namespace onlooker::manual {

namespace {

using Regions = std::map<std::string, std::string, std::less<>>;

Regions of_program_page(const Facts&) {
    const auto commands = app::access_commands();
    return {{"options", option_entries(app::settings())},
            {"commands", command_entries(commands)},
            {"options of commands", command_option_entries(commands)},
            {"examples", example_entries(app::examples())}};
}

Regions of_configuration_page(const Facts&) {
    return {{"settings", setting_entries(app::settings())}};
}

Regions of_drivers_page(const Facts& facts) {
    Regions regions;
    for (const camera::DriverEntry& driver : facts.drivers)
        regions.emplace("driver " + driver.name, driver_section(driver));
    return regions;
}

std::string driver_words(const Facts& facts, std::size_t indent) {
    return fmt::format("{}{}\n", std::string(indent, ' '), fmt::join(facts.driver_names, " "));
}

Regions of_bash(const Facts& facts) {
    const auto commands = app::access_commands();
    return {{"drivers", driver_words(facts, 8)},
            {"options", bash_options(app::settings())},
            {"values", bash_values(app::settings())},
            {"verbs", bash_verbs(commands)},
            {"options of commands", bash_command_options(commands)}};
}

Regions of_zsh(const Facts& facts) {
    const auto commands = app::access_commands();
    return {{"drivers", driver_words(facts, 4)},
            {"options", zsh_options(app::settings())},
            {"commands", zsh_families(commands)},
            {"verbs", zsh_verbs(commands)},
            {"options of commands", zsh_command_options(commands)}};
}

Regions of_fish(const Facts& facts) {
    const auto commands = app::access_commands();
    const std::string drivers = fmt::format("{}", fmt::join(facts.driver_names, " "));
    return {{"options", fish_options(app::settings(), drivers)},
            {"commands", fish_commands(commands)}};
}

struct File {
    std::string_view path;
    Regions (*regions)(const Facts&);  // null: it is made as a whole
};

constexpr std::array<File, 7> files{{
    {"docs/man/onlooker.1.in", of_program_page},
    {"docs/man/onlooker.conf.5.in", of_configuration_page},
    {"docs/man/onlooker-drivers.7.in", of_drivers_page},
    {"packaging/onlooker.conf.in", nullptr},
    {"packaging/completions/onlooker.bash", of_bash},
    {"packaging/completions/_onlooker", of_zsh},
    {"packaging/completions/onlooker.fish", of_fish},
}};

// A driver that this build lacks.
bool may_be_kept(std::string_view region) {
    return region.starts_with("driver ");
}

std::string with_all_regions(std::string_view path, std::string_view now, Regions regions) {
    std::string text =
        with_regions(now, path, [&](std::string_view name) -> std::optional<std::string> {
            const auto region = regions.find(name);
            if (region != regions.end())
                return std::move(regions.extract(region).mapped());
            if (may_be_kept(name))
                return std::nullopt;
            throw std::runtime_error(fmt::format("{}: nothing is known of [{}]", path, name));
        });
    if (!regions.empty())
        throw std::runtime_error(
            fmt::format("{} has no place for [{}]", path, regions.begin()->first));
    return text;
}

}  // namespace

std::vector<std::string> made_files() {
    std::vector<std::string> paths;
    paths.reserve(files.size());
    for (const File& file : files)
        paths.emplace_back(file.path);
    return paths;
}

std::string made(std::string_view path, std::string_view now, const Facts& facts) {
    const auto* file = std::ranges::find(files, path, &File::path);
    if (file == files.end())
        throw std::runtime_error(fmt::format("{} is no file that is made", path));
    if (file->regions == nullptr)
        return configuration(app::settings());
    return with_all_regions(path, now, file->regions(facts));
}

}  // namespace onlooker::manual
