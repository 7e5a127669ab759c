// The drivers that need no device keep the contract; so does the example of drivers/README.md,
// which is loaded as a module, by its name, as a user's own would be.
#include <doctest/doctest.h>

#include <fstream>
#include <iterator>
#include <string>

#include "drivers.hpp"
#include "support/driver_contract.hpp"

using namespace onlooker;
using test::check_driver_contract;

namespace {

test::DriverSubject subject(const std::string& name, camera::DriverOptions options) {
    const drivers::DriverTable table({EXAMPLE_MODULE_FOLDER});
    const camera::DriverEntry entry = table.find(name);
    options.camera_name = "test";
    return {
        .name = name,
        .make = [entry, options] { return entry.make(options); },
        .plug = test::Without("it has no device"),
        .control = test::Without("nor any controls"),
    };
}

std::string text_of(const char* path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace

TEST_SUITE("driver contract") {
    TEST_CASE("the emulated camera keeps it") {
        auto emulated = subject("emulated", {});
        emulated.steady_frames = 2;  // one per second
        check_driver_contract(emulated);
    }

    TEST_CASE("the test card keeps it") {
        check_driver_contract(subject("testcard", {"", "", {{"size", "64x48"}, {"fps", "200"}}}));
    }

    TEST_CASE("the example of the README keeps it, as a module") {
        check_driver_contract(subject("breathing", {"", "", {{"fps", "200"}}}));
    }

    TEST_CASE("the README shows the example as it is compiled here") {
        const std::string example = text_of(EXAMPLE_SOURCE);
        REQUIRE(!example.empty());
        CHECK(text_of(DRIVERS_README).find(example) != std::string::npos);
    }
}
