// The driver contract, kept by the V4L2 driver on the kernel's vivid.
#include <doctest/doctest.h>

#include <string>

#include "support/driver_contract.hpp"
#include "v4l2/entry.hpp"
#include "vivid.hpp"

using namespace onlooker;
using test::Vivid;

namespace {

test::DriverSubject subject(const std::string& path) {
    const auto entry = drivers::v4l2::entry();
    const camera::DriverOptions options{"test", path, {{"size", "320x180"}, {"fps", "60"}}};
    test::Plug plug;
    plug.unplug = [] { test::bind_vivid(false); };
    plug.replug = [] { test::bind_vivid(true); };
    plug.times = 5;
    const auto brightness = [path] { return Vivid(path).get(V4L2_CID_BRIGHTNESS); };
    return {
        .name = path,
        .make = [entry, options] { return entry.make(options); },
        .plug = plug,
        .control = test::ChangeableControl{"brightness", 77, brightness},
    };
}

}  // namespace

TEST_SUITE("v4l2 contract") {
    TEST_CASE("the V4L2 driver keeps it, with one buffer per picture") {
        test::check_driver_contract(subject("/dev/video10"));
    }

    TEST_CASE("the V4L2 driver keeps it, with several buffers per picture") {
        test::check_driver_contract(subject("/dev/video11"));
    }
}
