// drivers/README.md says of every option what the drivers themselves say, and of none that is not
// there.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "drivers.hpp"

using namespace onlooker;

namespace {

constexpr std::string_view heading = "| driver | option | meaning | default |";

// A '|' would end the cell, in code too.
std::string cell(std::string_view text) {
    std::string result;
    for (const char c : text)
        result += c == '|' ? std::string("\\|") : std::string(1, c);
    return result;
}

std::string line_of(const std::string& driver, const camera::OptionDescription& option) {
    const bool lists_values = option.placeholder.find('|') != std::string::npos;
    const std::string takes =
        option.expected.empty() || lists_values ? std::string() : " Takes " + option.expected + ".";
    return "| `" + driver + "` | `" + cell(option.name + "=" + option.placeholder) + "` | " +
           cell(option.meaning + takes) + " | " + cell(option.when_absent) + " |";
}

std::vector<std::string> table_in_readme() {
    std::ifstream file(DRIVERS_README);
    std::vector<std::string> lines;
    std::string line;
    while (std::getline(file, line) && line != heading)
        continue;
    std::getline(file, line);  // | --- |
    while (std::getline(file, line) && line.starts_with('|'))
        lines.push_back(line);
    return lines;
}

std::vector<camera::DriverEntry> drivers_of_this_tree() {
    const std::filesystem::path folder = DRIVER_MODULE_FOLDER;
    const drivers::DriverTable table({folder});
    std::vector<camera::DriverEntry> all = table.built_in();
    for (const char* name : {"libcamera", "relay", "opencv"}) {
        try {
            all.push_back(table.find(name));
        } catch (const drivers::DriverNotFound& error) {
            MESSAGE(std::string("not checked: "), std::string(error.what()));
        }
    }
    return all;
}

}  // namespace

TEST_SUITE("options in the README of drivers") {
    TEST_CASE("are those of the drivers, word for word and in their order") {
        const std::vector<std::string> table = table_in_readme();
        REQUIRE_FALSE(table.empty());
        for (const camera::DriverEntry& driver : drivers_of_this_tree()) {
            std::vector<std::string> expected;
            expected.reserve(driver.options.size());
            for (const camera::OptionDescription& option : driver.options)
                expected.push_back(line_of(driver.name, option));
            std::vector<std::string> found;
            for (const std::string& line : table)
                if (line.starts_with("| `" + driver.name + "` |"))
                    found.push_back(line);
            CAPTURE(driver.name);
            CHECK_FALSE(expected.empty());
            REQUIRE(found.size() == expected.size());
            for (std::size_t i = 0; i < expected.size(); ++i)
                CHECK(found[i] == expected[i]);
        }
    }

    TEST_CASE("belong to drivers that are there") {
        const std::set<std::string_view> names{"emulated",  "testcard", "v4l2",
                                               "libcamera", "relay",    "opencv"};
        for (const std::string& line : table_in_readme()) {
            CAPTURE(line);
            REQUIRE(line.starts_with("| `"));
            CHECK(names.contains(std::string_view(line).substr(3, line.find('`', 3) - 3)));
        }
    }
}
