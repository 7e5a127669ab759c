// write-manual [--check] TREE MODULES: brings the files of manual/files.hpp up to date, or says
// which are not. TREE is the folder of the sources, MODULES that of the driver modules.
#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "drivers.hpp"
#include "known_drivers.hpp"
#include "manual/files.hpp"

namespace {

namespace fs = std::filesystem;
using namespace onlooker;

std::string read(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file)
        throw std::runtime_error(fmt::format("cannot read {}", path.string()));
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

void write(const fs::path& path, const std::string& text) {
    std::ofstream file(path, std::ios::binary);
    file << text;
    if (!file.flush())
        throw std::runtime_error(fmt::format("cannot write {}", path.string()));
}

manual::Facts facts_of_build(const fs::path& modules) {
    const drivers::DriverTable table({modules});
    manual::Facts facts;
    for (const drivers::KnownDriver& driver : drivers::known_drivers()) {
        facts.driver_names.emplace_back(driver.name);
        if (!driver.alias.empty())
            facts.driver_names.emplace_back(driver.alias);
        try {
            facts.drivers.push_back(table.find(driver.name));
        } catch (const drivers::DriverNotFound&) {
            fmt::print("not compared, for it is not in this build: the driver {}\n", driver.name);
        }
    }
    return facts;
}

std::string line_of(std::string_view text, std::size_t at) {
    const std::size_t begin = text.rfind('\n', at == 0 ? 0 : at - 1);
    const std::size_t first = begin == std::string_view::npos || at == 0 ? 0 : begin + 1;
    return std::string(text.substr(first, text.find('\n', first) - first));
}

void tell_difference(const std::string& path, std::string_view now, std::string_view wanted) {
    const auto [a, b] = std::ranges::mismatch(now, wanted);
    const auto line = std::count(now.begin(), a, '\n') + 1;
    fmt::print("{}:{}: is\n    {}\nand should be\n    {}\n", path, line,
               line_of(now, static_cast<std::size_t>(a - now.begin())),
               line_of(wanted, static_cast<std::size_t>(b - wanted.begin())));
}

int run(bool only_checks, const fs::path& tree, const fs::path& modules) {
    const manual::Facts facts = facts_of_build(modules);
    bool is_good = true;
    for (const std::string& path : manual::made_files()) {
        const std::string now = fs::exists(tree / path) ? read(tree / path) : "";
        const std::string wanted = manual::made(path, now, facts);
        if (now == wanted)
            continue;
        is_good = false;
        if (only_checks) {
            tell_difference(path, now, wanted);
        } else {
            write(tree / path, wanted);
            fmt::print("written: {}\n", path);
        }
    }
    if (only_checks && !is_good)
        fmt::print("Bring them up to date: ninja -C BUILD renew-manual\n");
    return only_checks && !is_good ? 1 : 0;
}

}  // namespace

int main(int argc, char** argv) {
    std::vector<std::string_view> words(argv + (argc > 0 ? 1 : 0), argv + argc);
    const bool only_checks = !words.empty() && words.front() == "--check";
    if (only_checks)
        words.erase(words.begin());
    if (words.size() != 2) {
        fmt::print(stderr, "usage: write-manual [--check] TREE MODULES\n");
        return 2;
    }
    try {
        return run(only_checks, words[0], words[1]);
    } catch (const std::exception& error) {
        fmt::print(stderr, "write-manual: {}\n", error.what());
        return 1;
    }
}
