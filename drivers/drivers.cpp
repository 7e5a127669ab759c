#include "drivers.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>
#include <set>
#include <system_error>
#include <utility>

#include "base/module_file.hpp"
#include "base/text.hpp"
#include "known_drivers.hpp"

namespace onlooker::drivers {

namespace {

namespace fs = std::filesystem;

constexpr ModuleKind module_kind{.name = "driver module",
                                 .file = {},
                                 .symbol = "onlooker_driver_module",
                                 .interface = camera::driver_interface};
constexpr std::string_view module_prefix = "camera_";
constexpr std::string_view module_suffix = ".so";

const KnownDriver* find_known(std::string_view name) noexcept {
    const auto known = known_drivers();
    const auto found = std::ranges::find(known, name, &KnownDriver::name);
    return found == known.end() ? nullptr : &*found;
}

std::vector<camera::DriverEntry> all_built_in() {
    std::vector<camera::DriverEntry> all;
    for (const KnownDriver& driver : known_drivers()) {
        if (driver.entry != nullptr)
            all.push_back(driver.entry());
    }
    return all;
}

std::string_view without_alias(std::string_view name) noexcept {
    const auto known = known_drivers();
    const auto found = std::ranges::find(known, name, &KnownDriver::alias);
    return found == known.end() || name.empty() ? name : found->name;
}

// The name becomes part of a path: no slash, no dot.
bool is_module_name(std::string_view name) noexcept {
    return !name.empty() && name.size() <= 64 && std::ranges::all_of(name, [](char c) {
        return is_alphanumeric(c) || c == '_' || c == '-';
    });
}

std::string file_name(std::string_view name) {
    return fmt::format("{}{}{}", module_prefix, name, module_suffix);
}

const camera::DriverModule& open_module(const fs::path& path) {
    try {
        const auto& module = onlooker::open_module<camera::DriverModule>(module_kind, path);
        if (module.entry == nullptr)
            throw DriverNotFound(fmt::format("the driver module {} has no entry", path.string()));
        return module;
    } catch (const ModuleError& error) {
        throw DriverNotFound(error.what());
    }
}

void add_modules_in(const fs::path& folder, std::set<std::string>& names) {
    std::error_code error;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error)) {
        const std::string file = entry->path().filename().string();
        if (file.starts_with(module_prefix) && file.ends_with(module_suffix))
            names.insert(file.substr(module_prefix.size(),
                                     file.size() - module_prefix.size() - module_suffix.size()));
    }
}

}  // namespace

DriverTable::DriverTable(std::vector<fs::path> folders)
    : built_in_(all_built_in()), folders_(std::move(folders)) {}

camera::DriverEntry DriverTable::find(std::string_view wanted) const {
    const std::string_view name = without_alias(wanted);
    const auto found = std::ranges::find(built_in_, name, &camera::DriverEntry::name);
    if (found != built_in_.end())
        return *found;
    if (!is_module_name(name))
        throw DriverNotFound(
            fmt::format("'{}' is no name of a driver; expected letters, digits, "
                        "'_' or '-'",
                        escaped(name, 80)));
    return load(std::string(name));
}

std::vector<std::string> DriverTable::module_names() const {
    std::set<std::string> names;
    for (const fs::path& folder : folders_)
        add_modules_in(folder, names);
    return {names.begin(), names.end()};
}

camera::DriverEntry DriverTable::load(const std::string& name) const {
    const auto path = find_module(folders_, file_name(name));
    if (!path)
        throw DriverNotFound(missing(name));
    const camera::DriverModule& module = open_module(*path);
    camera::DriverEntry entry = module.entry();
    if (!entry.make)
        throw DriverNotFound(fmt::format("the driver module {} makes no driver", path->string()));
    return entry;
}

std::string DriverTable::missing(std::string_view name) const {
    std::vector<std::string> looked;
    looked.reserve(folders_.size());
    for (const fs::path& folder : folders_)
        looked.push_back((folder / file_name(name)).string());
    const std::string places = fmt::format("looked for {}", fmt::join(looked, " and "));

    if (const KnownDriver* known = find_known(name)) {
        if (known->is_module)
            return fmt::format(
                "the driver {} is not installed ({}); install the package {}, or build onlooker "
                "with {} ({}) and -Ddriver_{}=enabled",
                name, places, known->brought_by, known->library, known->package, name);
        return fmt::format(
            "the driver {} was left out of this build; build onlooker with -Ddriver_{}="
            "enabled",
            name, name);
    }

    std::set<std::string> names;
    for (const KnownDriver& known : known_drivers()) {
        if (known.is_module)
            names.emplace(known.name);
    }
    for (const camera::DriverEntry& entry : built_in_)
        names.insert(entry.name);
    for (const std::string& found : module_names())
        names.insert(found);
    return fmt::format(
        "there is no driver {}; known are {}; a driver of your own would be a "
        "module camera_{}.so ({})",
        name, fmt::join(names, ", "), name, places);
}

std::vector<fs::path> module_folders(const fs::path& asked, const fs::path& installed) {
    if (!asked.empty())
        return {asked};
    std::vector<fs::path> folders;
    std::error_code error;
    const fs::path program = fs::read_symlink("/proc/self/exe", error);
    // A build folder of meson has this one in it; /usr/bin has not.
    if (!error && fs::is_directory(program.parent_path() / "meson-info", error))
        folders.push_back(program.parent_path() / "drivers");
    // A portable build names a folder beside the program.
    folders.push_back(program.parent_path() / installed);
    return folders;
}

}  // namespace onlooker::drivers
