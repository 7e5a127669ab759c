#include "base/memory_room.hpp"

#include <algorithm>
#include <fstream>
#include <string>
#include <string_view>

#include "base/text.hpp"

namespace onlooker {

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kibi = 1024;

// The number behind `name` in a file of lines "name value" or "name: value kB".
std::optional<std::uint64_t> field_of(const fs::path& file, std::string_view name) {
    std::ifstream lines(file);
    for (std::string word, value; lines >> word >> value;) {
        if (word == name)
            return parse_number<std::uint64_t>(value);
        std::getline(lines, word);
    }
    return std::nullopt;
}

// "max" is no number.
std::optional<std::uint64_t> number_in(const fs::path& file) {
    std::string word;
    std::ifstream(file) >> word;
    return parse_number<std::uint64_t>(word);
}

// "0::/system.slice/onlooker.service"
std::string control_group_path(const fs::path& root) {
    constexpr std::string_view version_2 = "0::";
    std::ifstream lines(root / "proc/self/cgroup");
    for (std::string line; std::getline(lines, line);)
        if (line.starts_with(version_2))
            return line.substr(version_2.size());
    return {};
}

// What the group has cached of files the kernel gives back before it refuses anybody memory.
std::optional<std::uint64_t> room_in_group(const fs::path& group) {
    const auto most = number_in(group / "memory.max");
    const auto used = number_in(group / "memory.current");
    if (!most || !used)
        return std::nullopt;
    const std::uint64_t cached = field_of(group / "memory.stat", "inactive_file").value_or(0);
    const std::uint64_t held = *used - std::min(cached, *used);
    return *most - std::min(held, *most);
}

}  // namespace

std::optional<MemoryRoom> memory_room(const fs::path& root) {
    std::optional<MemoryRoom> room;
    if (const auto available = field_of(root / "proc/meminfo", "MemAvailable:"))
        room = MemoryRoom{.octets = *available * kibi};
    const fs::path top = root / "sys/fs/cgroup";
    // The limit of a group holds for all that are in it.
    for (fs::path path = fs::path(control_group_path(root)).relative_path();;
         path = path.parent_path()) {
        const auto left = room_in_group(top / path);
        if (left && (!room || *left < room->octets))
            room = MemoryRoom{.octets = *left, .of_control_group = true};
        if (path.empty())
            return room;
    }
}

}  // namespace onlooker
