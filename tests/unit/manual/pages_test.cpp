#include "manual/pages.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "app/camera_spec.hpp"
#include "app/picture_keys.hpp"
#include "manual/roff.hpp"

using namespace onlooker;
using app::AccessCommand;
using app::Setting;

namespace {

bool contains(std::string_view text, std::string_view piece) {
    return text.find(piece) != std::string_view::npos;
}

// Those that onlooker-drivers(7) has for every camera: lines `.BI key= VALUE`, and of overlays
// names.
std::set<std::string> keys_in_page() {
    std::ifstream page(DRIVERS_PAGE);
    std::set<std::string> keys;
    bool is_there = false;
    for (std::string line; std::getline(page, line);) {
        if (line.starts_with(".SH "))
            is_there = line == ".SH KEYS OF EVERY CAMERA";
        const std::size_t end = line.find("= ");
        if (is_there && line.starts_with(".BI ") && end < line.find(' ', 4))
            keys.insert(line.substr(4, end - 4));
    }
    return keys;
}

}  // namespace

TEST_SUITE("manual pages") {
    TEST_CASE("have the keys of every camera, and no others") {
        const camera::DriverEntry none;
        const auto of_pictures = app::picture_keys_beside(none);
        std::set<std::string> keys(of_pictures.begin(), of_pictures.end());
        for (const char* key : {"title", "quality", "subsampling", "always_on", "workers",
                                "max_viewers", "allow_truncated", "drop_same_frames", "changed"}) {
            CAPTURE(key);
            const char* value = std::string_view(key) == "subsampling" ? "=420" : "=1";
            CHECK(app::parse_camera(std::string("toy:,") + key + value).values.empty());
            keys.insert(key);
        }
        CHECK(keys_in_page() == keys);
    }

    TEST_CASE("have every option below its group") {
        const std::string entries = manual::option_entries(app::settings());
        for (const Setting& setting : app::settings()) {
            CAPTURE(setting.name);
            CHECK(contains(entries, manual::roff_bold(setting.option_name())));
            CHECK(contains(entries, ".SS " + std::string(setting.group) + "\n"));
        }
        CHECK(contains(entries, "\\fB\\-h\\fR, \\fB\\-\\-help\\fR [\\fIDRIVER\\fR]\n"));
        CHECK(contains(entries, "Default: @default_port@.\n"));
    }

    TEST_CASE("have every setting of the file, and say which take a restart") {
        const std::string entries = manual::setting_entries(app::settings());
        for (const Setting& setting : app::settings()) {
            CAPTURE(setting.name);
            CHECK(contains(entries, ".TP\n" + manual::roff_bold(setting.name) + " = ") ==
                  setting.is_for_file());
        }
        CHECK(contains(entries,
                       "\\fBport\\fR = \\fIPORT\\fR\nTCP port to listen on. Default: "
                       "@default_port@. Takes a restart.\n"));
        CHECK(contains(entries, "Default: @default_quality@.\n"));
    }

    TEST_CASE("have the commands for users, and each of their options once") {
        const auto commands = app::access_commands();
        const std::string entries = manual::command_entries(commands);
        CHECK(contains(entries,
                       ".TP\n\\fBonlooker user add\\fR \\fINAME\\fR "
                       "\\fB\\-\\-users\\fR\\ \\fIFILE\\fR [\\fB\\-\\-scope\\fR\\ \\fISCOPES\\fR] "
                       "[\\fB\\-\\-cameras\\fR\\ \\fINAMES\\fR]\n"));
        const std::string options = manual::command_option_entries(commands);
        for (const AccessCommand& command : commands) {
            for (const AccessCommand::Option& option : command.options) {
                const std::string entry = ".TP\n" + manual::roff_bold(option.name);
                CAPTURE(option.name);
                CHECK(contains(options, entry));
                CHECK(options.find(entry) == options.rfind(entry));
            }
        }
        CHECK(contains(options, "Default: http://@default_host@:@default_port@.\n"));
    }

    TEST_CASE("have a driver with all that it says of itself") {
        const camera::DriverEntry driver{.name = "toy",
                                         .summary = "pictures of a toy",
                                         .make = {},
                                         .source = "The toy's name.",
                                         .options = {{.name = "fps",
                                                      .placeholder = "RATE",
                                                      .meaning = "Pictures per second.",
                                                      .expected = "a rate",
                                                      .when_absent = "5"},
                                                     {.name = "loop",
                                                      .placeholder = "true|false",
                                                      .meaning = "Begin again.",
                                                      .expected = "true or false"}},
                                         .other_keys = "Any other key is a part of the toy."};
        CHECK(manual::driver_section(driver) ==
              "Pictures of a toy.\n"
              ".PP\n"
              "\\fB\\-\\-camera\\fR\\ [\\fINAME\\fR=]\\fBtoy\\fR[:\\fISOURCE\\fR][,key=value...]\n"
              ".TP\n"
              "\\fISOURCE\\fR\n"
              "The toy\\(aqs name.\n"
              ".TP\n"
              "\\fBfps=\\fR\\fIRATE\\fR\n"
              "Pictures per second. Takes a rate. Default: 5.\n"
              ".TP\n"
              "\\fBloop=\\fRtrue|false\n"
              "Begin again.\n"
              ".PP\n"
              "Any other key is a part of the toy.\n");
    }
}
