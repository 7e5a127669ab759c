// A driver, as its contract (driver_contract.hpp) is told of it: how it is made, what a test can do
// to its device from outside, and what is promised of it.
//
// What a driver has no device or no control for is said, with the reason, rather than left out:
//
//     check_driver_contract({.name = "testcard",
//                            .make = [] { return make_testcard(); },
//                            .plug = Without("it is drawn"),
//                            .control = Without("it has none")});
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <variant>

#include "camera/driver.hpp"

namespace onlooker::test {

class Without {
  public:
    explicit Without(std::string why) : why_(std::move(why)) {}
    const std::string& why() const noexcept { return why_; }

  private:
    std::string why_;
};

// How a test takes the device away from a driver that runs, and puts it back.
struct Plug {
    std::function<void()> unplug;
    std::function<void()> replug;
    // What the run ends with, and what a start ends with as long as the device is away.
    camera::ErrorKind ends_with = camera::ErrorKind::unplugged;
    camera::ErrorKind missing = camera::ErrorKind::not_found;
    // From the unplugging to that error, and from the replugging to a picture.
    std::chrono::milliseconds noticed_within{1000};
    std::chrono::milliseconds back_within{1000};
    int times = 100;
};

// A control that can be set, and changes nothing by which the other checks would fail.
struct ChangeableControl {
    std::string id;
    double value = 0;  // not the one that it begins with
    // What the device says of it, asked past the driver. Empty: there is no other way to it.
    std::function<double()> in_device{};
};

struct DriverSubject {
    std::string name;
    std::function<std::unique_ptr<camera::Driver>()> make;
    std::variant<Without, Plug> plug;
    std::variant<Without, ChangeableControl> control;
    int steady_frames = 10;
    int restarts = 1000;
    // A start may fail so many times in a row but one: more than one only for a bus that refuses a
    // request at times, where the program tries again, too.
    int start_attempts = 1;
};

}  // namespace onlooker::test
