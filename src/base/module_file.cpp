#include "base/module_file.hpp"

#include <dlfcn.h>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <system_error>

#include "base/text.hpp"

namespace onlooker {

namespace {

namespace fs = std::filesystem;

std::string last_dl_error() {
    const char* words = ::dlerror();
    return words == nullptr ? "unknown error" : escaped(words, 500);
}

}  // namespace

std::optional<fs::path> find_module(const std::vector<fs::path>& folders, std::string_view file) {
    std::error_code ignored;
    for (const fs::path& folder : folders) {
        const fs::path path = folder / file;
        if (fs::is_regular_file(path, ignored))
            return fs::absolute(path, ignored);
    }
    return std::nullopt;
}

std::string not_installed(const ModuleKind& kind, const std::vector<fs::path>& folders) {
    std::vector<std::string> looked;
    looked.reserve(folders.size());
    for (const fs::path& folder : folders)
        looked.push_back((folder / kind.file).string());
    return fmt::format("the {} is not installed (looked for {}); {}", kind.name,
                       looked.empty() ? "none" : fmt::format("{}", fmt::join(looked, " and ")),
                       kind.brought_by);
}

const void* symbol_of_module(const ModuleKind& kind, const fs::path& path) {
    // RTLD_LOCAL: two modules that bring the same library do not see each other's.
    void* module = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (module == nullptr)
        throw ModuleError(fmt::format("the {} {} cannot be loaded: {}", kind.name, path.string(),
                                      last_dl_error()));
    const void* symbol = ::dlsym(module, kind.symbol);
    if (symbol == nullptr)
        throw ModuleError(
            fmt::format("{} is no {} of onlooker: {}", path.string(), kind.name, last_dl_error()));
    return symbol;
}

void check_interface(const ModuleKind& kind, const fs::path& path, const char* found) {
    const std::string_view interface = found == nullptr ? "" : found;
    if (interface != kind.interface)
        throw ModuleError(fmt::format(
            "the {} {} was built for another onlooker: it has the interface '{}', this program "
            "'{}'; install the module that came with this program, or build it again",
            kind.name, path.string(), escaped(interface, 80), kind.interface));
}

}  // namespace onlooker
