#include "media/time_zones.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <vector>

#include "base/nearest_name.hpp"
#include "base/text.hpp"

namespace onlooker::media {

namespace {

namespace fs = std::filesystem;

const fs::path zone_folder = "/usr/share/zoneinfo";
constexpr std::size_t longest_name = 64;

// It becomes part of a path: no dots, no empty pieces.
bool is_zone_name(std::string_view name) noexcept {
    const auto is_allowed = [](char c) {
        return is_alphanumeric(c) || c == '_' || c == '-' || c == '+' || c == '/';
    };
    return !name.empty() && name.size() <= longest_name && name.front() != '/' &&
           name.back() != '/' && name.find("//") == std::string_view::npos &&
           std::ranges::all_of(name, is_allowed);
}

// RFC 8536: each file of the data base begins so.
bool is_zone_file(const fs::path& path) {
    std::array<char, 4> magic{};
    std::ifstream file(path, std::ios::binary);
    return file.read(magic.data(), magic.size()) &&
           std::string_view(magic.data(), magic.size()) == "TZif";
}

std::vector<std::string> read_zone_names() {
    std::vector<std::string> names;
    std::error_code error;
    for (fs::recursive_directory_iterator entry(zone_folder, error), end; !error && entry != end;
         entry.increment(error)) {
        std::string name = entry->path().lexically_relative(zone_folder).string();
        // The rest are lists, and the same zones with other rules (posix/, right/).
        if (is_upper(name.front()) && is_zone_name(name) && !entry->is_directory(error))
            names.push_back(std::move(name));
        else if (entry.depth() == 0 && (name == "posix" || name == "right"))
            entry.disable_recursion_pending();
    }
    std::ranges::sort(names);
    return names;
}

std::string_view place_of(std::string_view name) noexcept {
    return name.substr(name.rfind('/') + 1);  // all of it where there is no '/'
}

std::string nearest_zone(std::string_view wanted) {
    static const std::vector<std::string> names = read_zone_names();
    std::string place(wanted);
    std::ranges::replace(place, ' ', '_');
    for (const std::string& name : names) {
        if (equal_ignoring_case(name, place) || equal_ignoring_case(place_of(name), place))
            return name;
    }
    const std::vector<std::string_view> views(names.begin(), names.end());
    return std::string(nearest_name(wanted, views));
}

}  // namespace

std::string check_time_zone(std::string_view name) {
    if (is_zone_name(name) && is_zone_file(zone_folder / name))
        return {};
    std::error_code ignored;
    if (!fs::is_directory(zone_folder, ignored))
        return "this machine has no time zones; install the package tzdata";
    const std::string near = name.size() > longest_name ? "" : nearest_zone(name);
    return fmt::format("there is no time zone {}; {}", readable(name, longest_name),
                       near.empty() ? "expected a name such as Europe/Paris or UTC"
                                    : fmt::format("did you mean {}?", near));
}

}  // namespace onlooker::media
