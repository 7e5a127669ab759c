// Modules: shared objects beside the program, opened when they are first needed and never closed,
// so that the libraries they bring are in the memory of those only who use them. A module shows one
// table, whose `interface` is compared before anything else of it is touched.
//
// Thread: any that may block. Errors: ModuleError with words for the user.
#pragma once

#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace onlooker {

class ModuleError : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

struct ModuleKind {
    std::string_view name;          // in messages: "overlay module"
    std::string_view file;          // "onlooker_overlay.so"
    const char* symbol = nullptr;   // its table
    std::string_view interface;     // what the table has to have
    std::string_view brought_by{};  // in messages: "install the package ..."
};

// The absolute path; the first folder that has the file counts.
std::optional<std::filesystem::path> find_module(const std::vector<std::filesystem::path>& folders,
                                                 std::string_view file);

// What to say where no folder has it.
std::string not_installed(const ModuleKind& kind,
                          const std::vector<std::filesystem::path>& folders);

// The two halves of open_module().
const void* symbol_of_module(const ModuleKind& kind, const std::filesystem::path& path);
void check_interface(const ModuleKind& kind, const std::filesystem::path& path, const char* found);

template <typename Table>
const Table& open_module(const ModuleKind& kind, const std::filesystem::path& path) {
    const auto& table = *static_cast<const Table*>(symbol_of_module(kind, path));
    check_interface(kind, path, table.interface);
    return table;
}

}  // namespace onlooker
