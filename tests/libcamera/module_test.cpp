// What the module camera_libcamera.so answers without any camera, loaded as the program loads it.

#define DOCTEST_CONFIG_IMPLEMENT
#include "tests/libcamera/module.hpp"

#include <doctest/doctest.h>

#include "camera/driver.hpp"

using namespace onlooker;
using namespace onlooker::test;

TEST_SUITE("libcamera module") {
    TEST_CASE("any new node is a reason to try again, since a camera may come back as another") {
        CHECK(make("")->watch_path() == "/dev/");
        CHECK(make("imx219")->watch_path() == "/dev/");
    }

    TEST_CASE("options are read before any camera is there") {
        CHECK(make("", {{"fps", "12.5"}})->nominal_rate() == 12.5);
        CHECK_NOTHROW(make("", {{"gain", "2"}, {"exposure_time", "100"}}));
        CHECK_THROWS_AS(make("", {{"size", "big"}}), camera::DriverOptionError);
        CHECK_THROWS_AS(make("", {{"no_such_control", "1"}}), camera::DriverOptionError);
    }
}

int main(int argc, char** argv) {
    if (!load_module(argc, argv))
        return 2;
    return doctest::Context(argc - 1, argv + 1).run();
}
