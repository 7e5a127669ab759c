// The driver contract, kept by the V4L2 driver on the kernel's vivid.
#include <doctest/doctest.h>

#include "support/driver_contract.hpp"
#include "v4l2/v4l2_driver.hpp"

TEST_SUITE("v4l2 contract") {
    TEST_CASE("the V4L2 driver keeps it, with one buffer per picture and with several") {
        using namespace onlooker;
        const auto entry = drivers::v4l2_driver_entry();
        for (const char* device : {"/dev/video10", "/dev/video11"}) {
            const camera::DriverOptions options{
                "test", device, {{"size", "320x180"}, {"fps", "60"}}};
            test::DriverSubject subject{device, [&] { return entry.make(options); }};
            // Each start waits for a frame, and the machine is slow: the second device has fewer.
            subject.restarts = device == std::string("/dev/video10") ? 1000 : 100;
            test::check_driver_contract(subject);
        }
    }
}
