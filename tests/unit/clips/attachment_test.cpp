#include "clips/attachment.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <ctime>
#include <string>
#include <string_view>

using namespace onlooker;

namespace {

const std::chrono::system_clock::time_point begins{std::chrono::seconds(1'700'000'000)};

// The time of the tests' machine, in its zone.
std::string local_time() {
    const std::time_t clock = std::chrono::system_clock::to_time_t(begins);
    std::tm local{};
    ::localtime_r(&clock, &local);
    char words[32];
    return {words, std::strftime(words, sizeof words, "%Y-%m-%d %H-%M-%S", &local)};
}

// The title in filename*; empty: there is none.
std::string title_in(std::string_view title) {
    const std::string value = clips::attachment("yard", title, begins, "mkv");
    const auto mark = value.find("filename*=UTF-8''");
    if (mark == std::string::npos)
        return {};
    const std::string encoded = value.substr(mark + 17);
    return encoded.substr(0, encoded.find("%202023"));
}

}  // namespace

TEST_SUITE("the name of a clip's file") {
    TEST_CASE("is the camera's name and the local time when it begins") {
        CHECK(clips::attachment("yard", "yard", begins, "mkv") ==
              "attachment; filename=\"yard " + local_time() + ".mkv\"");
    }

    TEST_CASE("is its title as well, in any script") {
        CHECK(title_in("Hof") == "Hof");
        CHECK(title_in("H\xc3\xb6"
                       "f 2") == "H%C3%B6f%202");
        CHECK(title_in("\xe5\xba\xad") == "%E5%BA%AD");
        CHECK(title_in("") == "");
    }

    TEST_CASE("has nothing in it that a file system or a header takes for something else") {
        CHECK(title_in("../a/b\\c") == "_._a_b_c");
        CHECK(title_in("a\r\nSet-Cookie: x") == "a__Set-Cookie_%20x");
        CHECK(title_in("\"a\" <b>|c?*") == "_a_%20_b__c__");
        CHECK(title_in("a\xff") == "a_");
        CHECK(title_in(std::string(1'000, 'x')).size() == 150);
    }
}
