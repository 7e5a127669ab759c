// A module of another version of the interface.
#include "camera/driver.hpp"

namespace {

// Must not be called: the interface is compared first.
onlooker::camera::DriverEntry entry() {
    __builtin_trap();
}

}  // namespace

extern "C"
    [[gnu::visibility("default")]] const onlooker::camera::DriverModule onlooker_driver_module;
const onlooker::camera::DriverModule onlooker_driver_module{"onlooker driver 0, other", &entry};
