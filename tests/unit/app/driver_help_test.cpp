#include "app/driver_help.hpp"

#include <doctest/doctest.h>

#include <sstream>
#include <string>

using onlooker::app::driver_help;
using onlooker::camera::DriverEntry;

namespace {

DriverEntry driver() {
    return {.name = "toy",
            .summary = "pictures of a toy",
            .make = {},
            .source = "The toy's name; nothing: the first toy.",
            .options = {{.name = "fps",
                         .placeholder = "RATE",
                         .meaning = "Pictures per second.",
                         .expected = "frames per second from 1 to 9",
                         .when_absent = "5"},
                        {.name = "loop",
                         .placeholder = "true|false",
                         .meaning = "Begin again.",
                         .expected = "true or false"}},
            .other_keys = "Any other key is a part of the toy."};
}

}  // namespace

TEST_SUITE("help of a driver") {
    TEST_CASE("shows what it is, its source, its options in columns, and other keys") {
        CHECK(driver_help(driver()) ==
              "toy: pictures of a toy\n"
              "\n"
              "  --camera [NAME=]toy[:SOURCE][,key=value...]\n"
              "\n"
              "SOURCE: The toy's name; nothing: the first toy.\n"
              "\n"
              "Options:\n"
              "  fps=RATE         Pictures per second. Takes frames per second from 1 to 9. [5]\n"
              "  loop=true|false  Begin again.\n"
              "\n"
              "Any other key is a part of the toy.\n"
              "\n"
              "For any driver: title, quality, subsampling, always_on, workers, allow_truncated, "
              "drop_same_frames,\nchanged and max_viewers.\n"
              "Done by this program to every picture: rotate, flip, crop, grey, scale, size, "
              "lossless, overlay.\n");
    }

    TEST_CASE("needs nothing but a name and a summary") {
        CHECK(driver_help({.name = "toy", .summary = "a toy", .make = {}}) ==
              "toy: a toy\n"
              "\n"
              "  --camera [NAME=]toy[:SOURCE][,key=value...]\n"
              "\n"
              "For any driver: title, quality, subsampling, always_on, workers, allow_truncated, "
              "drop_same_frames,\nchanged and max_viewers.\n"
              "Done by this program to every picture: rotate, flip, crop, grey, scale, size, "
              "lossless, overlay.\n");
    }

    TEST_CASE("is never wider than 100 columns") {
        DriverEntry wordy = driver();
        for (int i = 0; i < 40; ++i) {
            wordy.source += " More of it.";
            wordy.options[0].meaning += " Even more.";
            wordy.other_keys += " And more.";
        }
        wordy.options[1].name = std::string(40, 'x');
        std::istringstream lines(driver_help(wordy));
        for (std::string line; std::getline(lines, line);) {
            CAPTURE(line);
            CHECK(line.size() <= 100);
            CHECK_FALSE(line.ends_with(' '));
        }
    }
}
