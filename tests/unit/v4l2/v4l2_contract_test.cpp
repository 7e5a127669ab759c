// The driver contract, kept by the V4L2 driver on a scripted camera; tests/vm has it on the
// kernel's.
#include <doctest/doctest.h>

#include <chrono>
#include <memory>
#include <thread>

#include "fake_v4l2.hpp"
#include "support/driver_contract.hpp"
#include "v4l2/v4l2_driver.hpp"

using namespace onlooker;
using namespace std::chrono_literals;
using test::FakeV4l2;

namespace {

test::DriverSubject subject(FakeV4l2& kernel) {
    const drivers::v4l2::Settings settings =
        drivers::v4l2::parse_options({"test", "/dev/video-fake", {}});
    test::Plug plug;
    plug.unplug = [&kernel] { kernel.plugged_in = false; };
    // Without power it has forgotten what it was told.
    plug.replug = [&kernel] {
        kernel.plugged_in = true;
        kernel.control_values[V4L2_CID_BRIGHTNESS] = 128;
    };
    const auto brightness = [&kernel] {
        return static_cast<double>(kernel.control_values.at(V4L2_CID_BRIGHTNESS));
    };
    return {
        .name = "v4l2",
        .make = [settings,
                 &kernel] { return std::make_unique<drivers::v4l2::V4l2Driver>(settings, kernel); },
        .plug = plug,
        .control = test::ChangeableControl{"brightness", 77, brightness},
    };
}

}  // namespace

TEST_SUITE("v4l2 contract") {
    TEST_CASE("the V4L2 driver keeps it, with a scripted camera") {
        FakeV4l2 kernel;
        kernel.on_poll = [] { std::this_thread::sleep_for(1ms); };
        test::check_driver_contract(subject(kernel));
        CHECK(kernel.nothing_leaked());
    }
}
