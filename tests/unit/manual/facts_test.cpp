#include "manual/facts.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "app/camera_spec.hpp"

using namespace onlooker::manual;
using onlooker::app::find_setting;
using onlooker::app::Options;
using onlooker::app::Setting;
using onlooker::app::settings;

namespace {

const Setting& setting(const char* name) {
    const Setting* found = find_setting(name);
    REQUIRE(found != nullptr);
    return *found;
}

}  // namespace

TEST_SUITE("what the manual tells of a setting") {
    TEST_CASE("leaves to the build what the build decides") {
        CHECK(default_of(setting("port")) == "@default_port@");
        CHECK(default_of(setting("idle-seconds")) == "@default_idle_seconds@ s");
        CHECK(default_of(setting("driver-dir")) == "@driver_dir@");
        CHECK(default_of(setting("stall-seconds")) == "2 s");
        CHECK(default_of(setting("users")).empty());
        CHECK(default_of(setting("public")).empty());
    }

    TEST_CASE("is a value that can stand in the file") {
        CHECK(value_for_file(setting("idle-seconds")) == "@default_idle_seconds@");
        CHECK(value_for_file(setting("retry-first-seconds")) == "0.5");
        CHECK(value_for_file(setting("public")) == "true");
        CHECK(value_for_file(setting("prefix")) == "/webcam");
    }

    TEST_CASE("says what takes the place of the value") {
        CHECK(placeholder_for_file(setting("public")) == "true|false");
        CHECK(placeholder_for_file(setting("tls-self-signed")) == "true|FOLDER");
        CHECK(placeholder_for_file(setting("port")) == "PORT");
    }

    TEST_CASE("lists only choices that are taken") {
        CHECK(choices_of(setting("subsampling")) == std::vector<std::string>{"420", "422", "444"});
        CHECK(choices_of(setting("log-level")).size() == 5);
        for (const Setting& each : settings()) {
            for (const std::string& choice : choices_of(each)) {
                CAPTURE(each.name);
                CAPTURE(choice);
                Options scratch;
                CHECK_NOTHROW(each.apply(scratch, {choice}));
            }
        }
    }

    TEST_CASE("begins with a sentence") {
        CHECK(first_sentence("Its key,\nPEM. More.") == "Its key, PEM");
        CHECK(first_sentence("A camera, DRIVER[,key=value...]; repeatable.\nFor any.") ==
              "A camera, DRIVER[,key=value...]; repeatable");
    }
}
