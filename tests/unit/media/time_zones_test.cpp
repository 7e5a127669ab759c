#include "media/time_zones.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <string>
#include <string_view>

using namespace onlooker::media;

namespace {

bool contains(std::string_view text, std::string_view piece) {
    return text.find(piece) != std::string_view::npos;
}

}  // namespace

TEST_SUITE("time zones") {
    TEST_CASE("a zone that does not exist is told, with the one that was meant") {
        if (!std::filesystem::exists("/usr/share/zoneinfo/Europe/Paris")) {
            CHECK(contains(check_time_zone("Europe/Paris"), "tzdata"));
            return;
        }
        CHECK(check_time_zone("Europe/Paris") == "");
        CHECK(check_time_zone("America/Argentina/Buenos_Aires") == "");
        CHECK(contains(check_time_zone("Europe/Pariss"), "did you mean Europe/Paris?"));
        CHECK(contains(check_time_zone("europe/paris"), "did you mean Europe/Paris?"));
        CHECK(contains(check_time_zone("New York"), "did you mean America/New_York?"));
        CHECK(contains(check_time_zone("Atlantis/Poseidonis"), "there is no time zone Atlantis"));
    }

    TEST_CASE("no name reaches another file") {
        for (const std::string_view name :
             {"../zoneinfo/Europe/Paris", "Europe/../Europe/Paris", "/etc/localtime", "Europe/",
              "Europe//Paris", "Europe", "", "tzdata.zi", "a\nb"}) {
            CAPTURE(name);
            CHECK(check_time_zone(name) != "");
        }
        CHECK(check_time_zone(std::string(5000, 'E')).size() < 200);
    }
}
