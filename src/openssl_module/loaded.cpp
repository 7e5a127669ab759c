// In a program that has the module beside it.
#include <utility>

#include "base/module_file.hpp"
#include "openssl_module/openssl_module.hpp"

namespace onlooker::openssl_module {

namespace {

constexpr ModuleKind kind{
    .name = "module for HTTPS and logins",
    .file = openssl_module_file,
    .symbol = openssl_module_symbol,
    .interface = openssl_interface,
    .brought_by =
        "install the package onlooker again, or put the file there: it is built with the "
        "program"};

std::vector<std::filesystem::path>& folders() {
    static std::vector<std::filesystem::path> all;
    return all;
}

const Table& open() {
    const auto path = find_module(folders(), kind.file);
    if (!path)
        throw ModuleError(not_installed(kind, folders()));
    return open_module<Table>(kind, *path);
}

}  // namespace

void look_in(std::vector<std::filesystem::path> where) {
    folders() = std::move(where);
}

const Table& table() {
    static const Table& opened = open();
    return opened;
}

}  // namespace onlooker::openssl_module
