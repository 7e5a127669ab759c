// A name for this process: the same in every part of it, and different from every other's.
//
// Servers that relay each other put it into the Via of what they ask (RFC 9110, section 7.6.3), and
// refuse a request that already carries their own, or pictures would go in circles. Derived from
// the kernel's view of the process rather than drawn at random, so that the program and its driver
// modules, which share no variables, agree on it. Header-only for the same reason. Not a secret.
#pragma once

#include <unistd.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <string_view>

#include "base/fnv1a.hpp"

namespace onlooker {

namespace detail {

inline std::string file_content(const char* path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

// When the process was started, in clock ticks since boot: field 22 of proc(5)'s stat, counted
// behind the program's name, which may hold blanks and brackets.
inline std::string process_start() {
    constexpr int fields_before = 19;
    const std::string stat = file_content("/proc/self/stat");
    std::istringstream fields(
        stat.substr(stat.rfind(')') == std::string::npos ? stat.size() : stat.rfind(')') + 1));
    std::string field;
    for (int i = 0; i <= fields_before; ++i)
        fields >> field;
    return field;
}

}  // namespace detail

// 16 hexadecimal digits.
inline std::string process_identity() {
    std::array<char, 64> pid_namespace{};
    const ssize_t size =
        ::readlink("/proc/self/ns/pid", pid_namespace.data(), pid_namespace.size());
    const std::string source =
        detail::file_content("/proc/sys/kernel/random/boot_id") +
        std::string(pid_namespace.data(), size > 0 ? static_cast<std::size_t>(size) : 0) + ' ' +
        std::to_string(::getpid()) + ' ' + detail::process_start();
    const std::uint64_t hash = fnv1a(source);
    static constexpr std::string_view digits = "0123456789abcdef";
    std::string name;
    for (int shift = 60; shift >= 0; shift -= 4)
        name += digits[hash >> shift & 15];
    return name;
}

// The name of this process in a Via.
inline std::string via_pseudonym() {
    return "onlooker-" + process_identity();
}

}  // namespace onlooker
