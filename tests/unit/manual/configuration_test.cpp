// The configuration as it is installed, from packaging/onlooker.conf.in.
#include <doctest/doctest.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iterator>
#include <sstream>
#include <string>
#include <string_view>

#include "app/config_file.hpp"
#include "app/options.hpp"
#include "app/settings.hpp"

using namespace onlooker::app;

namespace {

std::string installed() {
    std::ifstream file(INSTALLED_CONFIGURATION);
    REQUIRE(file.is_open());
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// "#port = 5000", and no sentence: "# TCP port".
bool is_commented_out(std::string_view line) {
    return line.size() > 1 && line[0] == '#' && line[1] >= 'a' && line[1] <= 'z';
}

std::string name_in(std::string_view line) {
    return std::string(line.substr(1, line.find(' ') - 1));
}

// With those lines put in force of which `wanted` says so.
std::string uncommented(const std::function<bool(const std::string& name)>& wanted) {
    std::istringstream lines(installed());
    std::string text;
    for (std::string line; std::getline(lines, line); text += '\n') {
        const bool counts = is_commented_out(line) && wanted(name_in(line));
        text += counts ? line.substr(1) : line;
    }
    return text;
}

Options load(const std::string& text) {
    std::string path = "/tmp/onlooker-conf-XXXXXX";
    REQUIRE(::mkstemp(path.data()) >= 0);
    std::ofstream(path) << text;
    const Options options =
        load_options({"--config", path}, {{"STATE_DIRECTORY", "/var/lib/onlooker"}});
    std::remove(path.c_str());
    return options;
}

}  // namespace

TEST_SUITE("the installed configuration") {
    TEST_CASE("is good, and shows the emulated camera to this machine alone") {
        const Options options = load(installed());
        REQUIRE(options.cameras.size() == 1);
        CHECK(options.cameras.front().driver == "emulated");
        CHECK(options.warnings.empty());
        CHECK_FALSE(options.host_or_port_given);
    }

    TEST_CASE("has every setting once, commented out, and is good with each") {
        for (const Setting& setting : settings()) {
            CAPTURE(setting.name);
            int found = 0;
            const std::string text = uncommented([&](const std::string& name) {
                found += name == setting.name ? 1 : 0;
                return name == setting.name;
            });
            CHECK(found == (setting.is_for_file() ? 1 : 0));
            for (const ConfigLine& line : parse_config(text, "onlooker.conf")) {
                Options scratch;
                CHECK_NOTHROW(find_setting(line.key)->apply(scratch, line.values));
            }
        }
    }

    TEST_CASE("is good with all of them that go together") {
        const std::string own = "tls-self-signed";
        const Options options = load(uncommented([&](const auto& name) { return name != own; }));
        CHECK(options.users.ends_with("/onlooker/users"));
        CHECK(options.cameras.size() == 2);
        CHECK(options.listen.size() == 2);
        CHECK(load(uncommented([&](const auto& name) { return name == own; })).tls_self_signed ==
              "/var/lib/onlooker");
    }
}
