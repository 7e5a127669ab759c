// The table of drivers: those built in, and the modules that are loaded by name.
//
// known_drivers.hpp lists those of this tree. Any other module camera_NAME.so is found by its name,
// as the article's import_module('camera_' + name) does, also when somebody else wrote it.
//
// Nothing in src includes this; main hands the table to the program.
#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "camera/driver.hpp"

namespace onlooker::drivers {

// There is no such driver, or its module cannot be used; says why and what to do.
class DriverNotFound : public std::runtime_error {
  public:
    using runtime_error::runtime_error;
};

class DriverTable {
  public:
    // Modules are looked for in these folders, in this order.
    explicit DriverTable(std::vector<std::filesystem::path> folders);

    // By name or alias. Loads the module the first time; it stays until the program ends, because
    // threads and pictures of the driver may live to the very end. Throws DriverNotFound.
    // Thread: the main one.
    camera::DriverEntry find(std::string_view wanted) const;

    // The drivers that are built in, in the order of --help.
    const std::vector<camera::DriverEntry>& built_in() const noexcept { return built_in_; }

    // Names of the modules that lie in the folders; none of them is opened.
    std::vector<std::string> module_names() const;

  private:
    camera::DriverEntry load(const std::string& name) const;
    std::string missing(std::string_view name) const;

    std::vector<camera::DriverEntry> built_in_;
    std::vector<std::filesystem::path> folders_;
};

// The folder the user asked for, or, when that is empty, the one beside a program that runs from
// its build folder, and then `installed`.
std::vector<std::filesystem::path> module_folders(const std::filesystem::path& asked,
                                                  const std::filesystem::path& installed);

}  // namespace onlooker::drivers
