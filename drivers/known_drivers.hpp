// The drivers of this tree, whether this build has them or not, in the order of --help. The rows
// are made from what drivers/*/meson.build say (known_drivers.cpp.in).
#pragma once

#include <span>
#include <string_view>

#include "camera/driver.hpp"

namespace onlooker::drivers {

struct KnownDriver {
    std::string_view name;
    std::string_view alias;  // empty: none
    // What brings a module: the library that it needs, and Debian's package to build it with.
    std::string_view library;
    std::string_view package;
    std::string_view brought_by;  // the package of ours that has it
    bool is_module;
    camera::DriverEntry (*entry)();  // null: it is a module, or was left out of this build
};

std::span<const KnownDriver> known_drivers() noexcept;

}  // namespace onlooker::drivers
